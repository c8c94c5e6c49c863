import { createKumoToastManager } from '@cloudflare/kumo/components/toast';
import { visibleText } from '../format/visible-text.ts';

export const toastManager = createKumoToastManager();

interface Notice {
  readonly title: string;
  readonly description?: string;
  readonly variant?: 'default' | 'success' | 'error' | 'warning';
}

/** A short note at the edge of the page, read out politely. For what the reader did; never for what needs an answer. */
export function notify({ title, description, variant = 'default' }: Notice): void {
  const text = description === undefined ? {} : { description: visibleText(description) };
  toastManager.add({ title: visibleText(title), ...text, variant });
}

export function notifyFailure(title: string, error: unknown): void {
  notify({ title, description: error instanceof Error ? error.message : String(error), variant: 'error' });
}
