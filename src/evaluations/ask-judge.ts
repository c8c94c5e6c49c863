import type { ModelJudgeParameters } from '../core/evaluation.ts';
import { findHeader } from '../core/headers.ts';
import type { CallGateway, InsideCall, InsideReply } from '../core/inside-call.ts';
import { readWhole } from '../core/read-whole.ts';
import type { Gateway, Token } from '../core/stores/config.ts';
import { type JudgeRequest, judgeAnswer, readVerdict, type Verdict } from './judge-format.ts';

export interface JudgeServices {
  readonly callGateway: CallGateway;
}

export interface JudgeCase {
  readonly evaluationId: string;
  readonly logId: string;
  readonly gateway: Gateway;
  readonly token: Token;
  readonly parameters: ModelJudgeParameters;
  readonly request: JudgeRequest;
  readonly signal: AbortSignal;
  /** Before each call but the first: true, and counted, when one more may be made. */
  takeCall(): boolean;
}

export type JudgeOutcome = { readonly costNanos: number | null } & (
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'rate-limited' | 'judge-error' | 'no-verdict'; readonly message: string }
);

const MOST_REFUSALS = 3;
const LONGEST_WAIT_MS = 30_000;
const MOST_BYTES = 1024 * 1024;
const FIRST_BYTE_MS = 120_000;
const WHOLE_MS = 300_000;

/** The event id of a judge's record: by it the record is found when the process ended before its verdict was kept. */
export const judgeEventId = (evaluationId: string, logId: string): string =>
  `evaluation-${evaluationId}-${logId}`;

/** Asks the judge through the gateway. A rate limit is waited for a few times; whatever else goes wrong is the outcome. */
export async function askJudge(judged: JudgeCase, services: JudgeServices): Promise<JudgeOutcome> {
  for (let refusals = 1; ; refusals++) {
    const reply = await services.callGateway(callOf(judged));
    const text = (await readWhole(reply.body, MOST_BYTES))?.toString('utf8') ?? null;
    judged.signal.throwIfAborted();
    if (reply.status === 429) {
      const outcome = {
        kind: 'rate-limited',
        message: `refused by a rate limit ${refusals} times`,
        costNanos: null,
      } as const;
      if (refusals === MOST_REFUSALS || !judged.takeCall()) return outcome;
      await rest(waitMs(refusals, findHeader(reply.headers, 'retry-after')), judged.signal);
      continue;
    }
    return outcomeOf(judged.parameters, reply, text);
  }
}

function callOf({ evaluationId, logId, gateway, token, parameters, request, signal }: JudgeCase): InsideCall {
  return {
    origin: 'evaluation',
    purpose: evaluationId,
    account: gateway.account,
    gateway,
    token,
    method: 'POST',
    rest: request.rest,
    headers: [
      ...request.headers,
      'cf-aig-event-id',
      judgeEventId(evaluationId, logId),
      'cf-aig-metadata',
      JSON.stringify({ evaluation: evaluationId, log: logId }),
      'cf-aig-request-timeout',
      String(FIRST_BYTE_MS),
      // What a judge costs is known from its record, whatever the gateway keeps of others.
      'cf-aig-collect-log',
      'true',
      ...(parameters.provider.startsWith('custom-') ? [] : ['cf-aig-no-wholesale', 'true']),
    ],
    body: request.body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]),
    hangUp: null,
  };
}

function outcomeOf({ format }: ModelJudgeParameters, reply: InsideReply, text: string | null): JudgeOutcome {
  const costNanos = reply.costNanos();
  if (text === null)
    return { kind: 'judge-error', message: 'the answer broke off, or is over 1 MiB', costNanos };
  if (reply.status < 200 || reply.status > 299)
    return { kind: 'judge-error', message: `status ${reply.status}: ${text.slice(0, 300)}`, costNanos };
  return { ...verdictIn(judgeAnswer(format, text)), costNanos };
}

/** The outcome of a judge's words; null for none. */
export function verdictIn(
  answer: string | null,
): { kind: 'verdict'; verdict: Verdict } | { kind: 'no-verdict'; message: string } {
  const verdict = answer === null ? null : readVerdict(answer);
  if (verdict !== null) return { kind: 'verdict', verdict };
  return { kind: 'no-verdict', message: `no verdict: ${(answer ?? 'no text').slice(0, 300)}` };
}

/** As long as the one who refused says, within a bound; else longer each time. */
function waitMs(refusals: number, retryAfter: string | null): number {
  const said = retryAfter !== null && /^\d+(\.\d+)?$/.test(retryAfter) ? Number(retryAfter) * 1000 : null;
  return Math.min(LONGEST_WAIT_MS, said ?? 1000 * 2 ** (refusals - 1));
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
