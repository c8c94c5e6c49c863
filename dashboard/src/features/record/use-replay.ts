import { useCallback, useRef, useState } from 'react';
import { failureOf } from '../../api/failure.ts';
import { replayLog } from '../../api/logs.ts';
import { AnswerText } from './answer-stream.ts';

type ReplayState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'ended';
      readonly status: number;
      readonly text: string;
      /** Of the new record; null when the gateway did not say. */
      readonly id: string | null;
      readonly isStopped: boolean;
    };

export function useReplay(gateway: string, id: string) {
  const [state, setState] = useState<ReplayState>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);

  const stop = useCallback(() => running.current?.abort(), []);
  const start = useCallback(
    (model: string | null, skipsCache: boolean) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const show = (next: ReplayState): void => {
        if (running.current === controller) setState(next);
      };
      show({ kind: 'running', text: '' });
      void follow(gateway, id, { model, skipsCache, signal: controller.signal }, show);
    },
    [gateway, id],
  );
  return { state, start, stop };
}

async function follow(
  gateway: string,
  id: string,
  options: Parameters<typeof replayLog>[2],
  show: (state: ReplayState) => void,
): Promise<void> {
  let text = '';
  let status = 0;
  let newId: string | null = null;
  try {
    const response = await replayLog(gateway, id, options);
    status = response.status;
    newId = response.headers.get('cf-aig-log-id');
    // Without a record it is the gateway itself that refused, in the words of the management API.
    if (newId === null && !response.ok) {
      show({ kind: 'refused', message: (await failureOf(response)).message });
      return;
    }
    const answer = new AnswerText(response.headers.get('content-type'));
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      text = answer.push(value);
      show({ kind: 'running', text });
    }
    text = answer.end();
    show({ kind: 'ended', status, text, id: newId, isStopped: false });
  } catch (error) {
    const isStopped = options.signal.aborted;
    if (status === 0 && !isStopped)
      show({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
    else show({ kind: 'ended', status, text, id: newId, isStopped });
  }
}
