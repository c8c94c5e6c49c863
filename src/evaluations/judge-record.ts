import type { Conversation, ConversationStore } from '../core/conversation.ts';
import type { ModelJudgeParameters } from '../core/evaluation.ts';
import type { Gateway, Token } from '../core/stores/config.ts';
import type { Evaluation, EvaluationStore, Score } from '../core/stores/evaluations.ts';
import type { LogRow, LogStore } from '../core/stores/logs.ts';
import { askJudge, type JudgeOutcome, type JudgeServices, judgeEventId, verdictIn } from './ask-judge.ts';
import { answerText, transcript } from './conversation-text.ts';
import { judgeRequest } from './judge-format.ts';
import { scored, unscored } from './score-record.ts';

export interface JudgeRecordServices extends JudgeServices {
  readonly store: Pick<EvaluationStore, 'markStarted'>;
  readonly logs: Pick<LogStore, 'list'>;
  readonly conversations: ConversationStore;
  findGateway(account: string, id: string): Gateway | null;
  /** The token, if it is still valid and may run. */
  findToken(account: string, id: string): Token | null;
}

/** What an evaluation has spent on its judge. */
export interface Spending {
  calls: number;
  costNanos: number;
}

const TYPE = 'model_judge';
const LOOKS = 4;
const LOOK_AGAIN_MS = 500;
const MOST_ANSWER_CHARACTERS = 40_000;
const MOST_CONVERSATION_CHARACTERS = 40_000;

/** Asks the judge about one record, unless the limits of calls or cost are reached. */
export async function judgeRecord(
  evaluation: Evaluation,
  parameters: ModelJudgeParameters,
  logId: string,
  conversation: Conversation | null,
  spending: Spending,
  services: JudgeRecordServices,
  signal: AbortSignal,
): Promise<Score> {
  const answer = conversation === null ? null : answerText(conversation);
  if (conversation === null || answer === null) return unscored(TYPE, 'skipped', 'no-answer');
  const takeCall = (): boolean => {
    if (spending.calls >= parameters.maxCalls) return false;
    spending.calls++;
    return true;
  };
  if (spending.costNanos >= parameters.maxCostNanos) return unscored(TYPE, 'skipped', 'cost-limit');
  const gateway = services.findGateway(evaluation.account, parameters.gateway);
  const token = services.findToken(evaluation.account, evaluation.tokenId);
  if (gateway === null || token === null) return unscored(TYPE, 'failed', 'not-allowed');
  if (!takeCall()) return unscored(TYPE, 'skipped', 'call-limit');
  const request = judgeRequest(parameters, {
    conversation: transcript(conversation, MOST_CONVERSATION_CHARACTERS),
    answer: answer.text.slice(0, MOST_ANSWER_CHARACTERS),
  });
  services.store.markStarted(evaluation.id, logId);
  const outcome = await askJudge(
    {
      evaluationId: evaluation.id,
      logId,
      gateway,
      token,
      parameters,
      request,
      signal,
      takeCall,
    },
    services,
  );
  spending.costNanos += outcome.costNanos ?? 0;
  return scoreOf(outcome, parameters);
}

/**
 * The score of a record about which a judge was being asked when the process ended: from the record of that call, if the
 * answer had come. Null when it had not.
 */
export async function recoverJudgement(
  evaluation: Evaluation,
  parameters: ModelJudgeParameters,
  logId: string,
  services: JudgeRecordServices,
): Promise<Score | null> {
  const { account } = evaluation;
  const query = {
    account,
    gateway: parameters.gateway,
    filters: [
      { key: 'event_id', operator: 'eq' as const, value: [judgeEventId(evaluation.id, logId)] },
      { key: 'success', operator: 'eq' as const, value: [true] },
    ],
    search: null,
    from: null,
    to: null,
    orderBy: 'created_at',
    direction: 'desc' as const,
    limit: 1,
    offset: 0,
    after: null,
    withRanges: false,
  };
  let row: LogRow | undefined;
  // What the process before left in the spool may still be on its way to the store.
  for (let look = 0; row === undefined && look < LOOKS; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    row = (await services.logs.list(query)).rows[0];
  }
  if (row === undefined) return null;
  const conversation = await services.conversations.conversation(account, parameters.gateway, row.id);
  const answer = conversation === null ? null : answerText(conversation);
  // Its body was not kept: then nobody knows what it said.
  if (answer === null) return null;
  return scoreOf({ ...verdictIn(answer.text), costNanos: row.costNanos }, parameters);
}

function scoreOf(outcome: JudgeOutcome, { passScore }: ModelJudgeParameters): Score {
  if (outcome.kind !== 'verdict')
    return unscored(TYPE, 'failed', outcome.kind, outcome.message, outcome.costNanos);
  const { score, reason } = outcome.verdict;
  return scored(TYPE, score, score >= passScore, reason, outcome.costNanos);
}
