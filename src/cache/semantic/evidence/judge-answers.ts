import type { HeaderList } from '../../../core/headers.ts';
import type { CallGateway } from '../../../core/inside-call.ts';
import { readWhole } from '../../../core/read-whole.ts';
import { type AskedAgain, MOST_ANSWER_BYTES, OF_A_CHECK } from './ask-again.ts';
import type { CheckBudget } from './check-budget.ts';
import type { CheckedRequest } from './checks.ts';
import type { AnswerPair, JudgeFinding } from './compare-answers.ts';

/** How a chat model is asked for a score, and its answer read, in its provider's own format. */
export interface JudgeForms {
  /** Null when that model cannot be asked in any known way. Whatever is in the material must be held for material. */
  requestTo(
    judge: string,
    instructions: string,
    material: object,
  ): { readonly rest: string; readonly headers: HeaderList; readonly body: Buffer } | null;
  /** Score from 0 to 1; null when it gave none. */
  verdictIn(judge: string, body: string): { readonly score: number; readonly reason: string | null } | null;
}

export interface JudgeServices {
  readonly callGateway: CallGateway;
  readonly forms: JudgeForms;
  readonly budget: CheckBudget;
}

const LONGEST_TEXT = 12_000;
const LONGEST_REASON = 500;
const WHOLE_MS = 120_000;
const RIGHT_FROM = 0.7;
const WRONG_UP_TO = 0.3;

const INSTRUCTIONS =
  'A cache gave the one who asked `question` the answer `given`, which was written for a similar question. `reference` is ' +
  'an answer that was written for `question` itself. Would `given` serve the asker fully and correctly? Differences of ' +
  'wording, order, length and style do not matter. It does not serve when it answers another question, contradicts the ' +
  'reference in a fact, number, name, direction or condition, or leaves out what was asked for. Score 1 when it serves, ' +
  '0 when it does not, and between when it cannot be told.';

/** Asks the gateway's judge; null when none is set or may be asked, or when it gives no verdict. */
export async function judgeAnswers(
  { asked, fresh, given }: AnswerPair,
  request: CheckedRequest,
  purpose: string,
  { callGateway, forms, budget }: JudgeServices,
  signal: AbortSignal,
): Promise<JudgeFinding | null> {
  const { gateway, token } = request;
  const judge = gateway.semanticCache?.judge ?? null;
  if (judge === null) return null;
  const cut = (text: string): string => text.slice(0, LONGEST_TEXT).toWellFormed();
  const material = { question: cut(asked), reference: cut(fresh), given: cut(given) };
  const call = forms.requestTo(judge, INSTRUCTIONS, material);
  const allowance = call === null ? null : budget.take(gateway, null);
  if (call === null || allowance === null) return null;
  let costNanos: AskedAgain['costNanos'] = null;
  try {
    const reply = await callGateway({
      origin: 'cache-check',
      purpose,
      account: gateway.account,
      gateway,
      token,
      method: 'POST',
      rest: call.rest,
      headers: [...call.headers, ...OF_A_CHECK],
      body: call.body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]),
      hangUp: null,
    });
    const bytes = await readWhole(reply.body, MOST_ANSWER_BYTES);
    costNanos = reply.costNanos();
    if (reply.status < 200 || reply.status > 299) {
      // What was refused was not paid for, unless somebody knows better.
      costNanos ??= 0;
      return null;
    }
    const found = bytes === null ? null : forms.verdictIn(judge, bytes.toString('utf8'));
    if (found === null) return null;
    const verdict = found.score >= RIGHT_FROM ? 'right' : found.score <= WRONG_UP_TO ? 'wrong' : 'unsure';
    return { verdict, reason: found.reason?.slice(0, LONGEST_REASON) ?? null };
  } catch {
    return null;
  } finally {
    allowance.settle(costNanos);
  }
}
