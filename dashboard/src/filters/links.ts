import type { Filter } from './filter.ts';
import { encodeView, type View } from './view.ts';

/** The requests behind a number: what a link to them needs, spread into `<Link>` or `navigate`. */
export function logsLink(gateway: string, view: Partial<View>) {
  return {
    to: '/g/$gateway/logs',
    params: { gateway } as never,
    search: encodeView(view) as never,
  } as const;
}

/** The same view, within a stretch of it and under further conditions. */
export function narrowed(
  view: View,
  fromMs: number | null,
  toMs: number | null,
  ...more: readonly Filter[]
): View {
  const range =
    fromMs === null || toMs === null
      ? view.range
      : { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  return { ...view, range, filters: [...view.filters, ...more] };
}
