import type { View } from '../filters/view.ts';
import { addressOf, gatewayApiPath } from './client.ts';
import { type LogRow, logSelection } from './logs.ts';

export type StreamState = 'connecting' | 'open' | 'lost';

interface StreamListener {
  readonly onLog: (log: LogRow) => void;
  /** So many were not sent, because there were too many. */
  readonly onSkipped: (count: number) => void;
  readonly onState: (state: StreamState) => void;
}

/** Records as they come, by the same conditions as the list. Gives what stops it. */
export function openLogStream(gateway: string, view: View, listener: StreamListener): () => void {
  const { search, filters } = logSelection(view);
  const source = new EventSource(addressOf(gatewayApiPath(gateway, '/logs/stream'), { search, filters }));
  listener.onState('connecting');
  source.onopen = () => listener.onState('open');
  // The browser connects again by itself, unless the answer was a refusal.
  source.onerror = () => listener.onState(source.readyState === EventSource.CLOSED ? 'lost' : 'connecting');
  source.addEventListener('log', (event: MessageEvent<string>) => {
    const log = readLog(event.data);
    if (log !== null) listener.onLog(log);
  });
  source.addEventListener('skipped', (event: MessageEvent<string>) => {
    listener.onSkipped(readCount(event.data));
  });
  return () => source.close();
}

function readLog(text: string): LogRow | null {
  try {
    const value = JSON.parse(text) as LogRow | null;
    return typeof value?.id === 'string' ? value : null;
  } catch {
    return null;
  }
}

function readCount(text: string): number {
  try {
    const value = JSON.parse(text) as unknown;
    const count = typeof value === 'number' ? value : Number((value as { count?: unknown } | null)?.count);
    return Number.isFinite(count) ? count : 0;
  } catch {
    return 0;
  }
}
