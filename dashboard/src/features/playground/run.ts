import { runRequest } from '../../api/run.ts';
import { type Answer, EMPTY_ANSWER } from './answer.ts';
import { AnswerStream } from './answer-stream.ts';
import type { Call } from './call.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** One answer, from the moment it is asked for. */
export interface Run {
  readonly state: 'waiting' | 'streaming' | 'ended';
  readonly provider: string;
  /** What was asked for. */
  readonly model: string;
  readonly answer: Answer;
  /** Of the gateway's answer; 0 before it. */
  readonly status: number;
  readonly logId: string | null;
  /** What the gateway said of its cache. */
  readonly cacheStatus: string | null;
  /** As this page saw them. */
  readonly firstByteMs: number | null;
  readonly durationMs: number | null;
  readonly isStopped: boolean;
  readonly isTooLong: boolean;
  readonly refusal: Refusal | null;
}

/** An answer that is longer is for its record. */
const MOST_BYTES = 32 * 1024 * 1024;

export const newRun = (provider: string, model: string): Run => ({
  state: 'waiting',
  provider,
  model,
  answer: EMPTY_ANSWER,
  status: 0,
  logId: null,
  cacheStatus: null,
  firstByteMs: null,
  durationMs: null,
  isStopped: false,
  isTooLong: false,
  refusal: null,
});

interface RunInput {
  readonly gateway: string;
  readonly call: Call;
  readonly first: Run;
  readonly skipsCache: boolean;
  readonly controller: AbortController;
  readonly show: (run: Run) => void;
}

/** Sends a call and shows what comes of it, piece by piece. Always ends with a run that has ended. */
export async function follow({
  gateway,
  call,
  first,
  skipsCache,
  controller,
  show,
}: RunInput): Promise<void> {
  const begin = performance.now();
  const since = (): number => performance.now() - begin;
  let run = first;
  const update = (patch: Partial<Run>): void => {
    run = { ...run, ...patch };
    show(run);
  };
  try {
    const response = await runRequest(gateway, {
      provider: call.provider,
      endpoint: call.path + call.query,
      headers: call.headers,
      body: call.body,
      skipsCache,
      signal: controller.signal,
    });
    update({
      status: response.status,
      logId: response.headers.get('cf-aig-log-id'),
      cacheStatus: response.headers.get('cf-aig-cache-status'),
    });
    if (!response.ok) {
      const body = await response.text();
      const refusal = refusalOf(response.status, body, run.logId !== null);
      update({ state: 'ended', refusal, durationMs: since() });
      return;
    }
    const stream = new AnswerStream(call.format, response.headers.get('content-type'));
    let size = 0;
    for await (const chunk of chunksOf(response)) {
      size += chunk.length;
      update({ state: 'streaming', answer: stream.push(chunk), firstByteMs: run.firstByteMs ?? since() });
      if (size <= MOST_BYTES) continue;
      controller.abort();
      update({ state: 'ended', durationMs: since(), isTooLong: true });
      return;
    }
    update({ state: 'ended', answer: stream.end(), durationMs: since() });
  } catch (error) {
    if (controller.signal.aborted) update({ state: 'ended', isStopped: true, durationMs: since() });
    else
      update({
        state: 'ended',
        durationMs: since(),
        refusal: { message: error instanceof Error ? error.message : String(error), next: null },
      });
  }
}

/** Browsers that cannot iterate over a stream can read from it. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
