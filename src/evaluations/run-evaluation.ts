import type { Clock } from '../core/clock.ts';
import type { EvaluatorChoice } from '../core/evaluation.ts';
import type { Dataset, Evaluation, EvaluationStore, Score } from '../core/stores/evaluations.ts';
import type { LogFilter, LogPosition, LogQuery, LogRow, LogStore } from '../core/stores/logs.ts';
import { inParallel } from './in-parallel.ts';
import { type JudgeRecordServices, judgeRecord, recoverJudgement, type Spending } from './judge-record.ts';
import { resultsOf } from './results.ts';
import { needsAnswer, scoreRecord, unscored } from './score-record.ts';
import type { TextChecker } from './text-checker.ts';

export interface RunServices extends JudgeRecordServices {
  readonly store: EvaluationStore;
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly checker: TextChecker;
  /** The filters of a dataset as the log store takes them. */
  filtersOf(dataset: Dataset): Promise<LogFilter[]>;
}

/** An evaluation takes the newest of what matches. */
const MOST_LOGS = 10_000;
const PAGE = 50;
const COLLECT_PAGE = 500;
const RECORDS_AT_ONCE = 4;
/** Between two pages, so that whoever uses the gateway comes first. */
const PAUSE_MS = 10;

/** Does what is still to be done of an evaluation, and stops with the signal's reason when it is aborted. */
export async function runEvaluation(
  given: Evaluation,
  services: RunServices,
  signal: AbortSignal,
): Promise<void> {
  const { store } = services;
  const evaluation = given.state === 'collecting' ? await collect(given, services, signal) : given;
  const judge = evaluation.evaluators.find((choice) => choice.typeId === 'model_judge');
  const spending: Spending = {
    calls: store.countStarted(evaluation.id),
    costNanos: store.summarise(evaluation.id).reduce((sum, each) => sum + each.costNanos, 0),
  };
  const recovered = new Map<string, Score>();
  const interrupted = store.startedLogs(evaluation.id);
  if (judge !== undefined) {
    await inParallel(interrupted, RECORDS_AT_ONCE, async (logId) => {
      const score = await recoverJudgement(evaluation, judge.parameters, logId, services);
      if (score === null) return;
      recovered.set(logId, score);
      spending.costNanos += score.costNanos ?? 0;
    });
  }
  const record = { evaluation, spending, recovered };
  for (let ids = interrupted; ; ids = store.waitingLogs(evaluation.id, PAGE)) {
    signal.throwIfAborted();
    if (ids.length === 0 && ids !== interrupted) break;
    for (let from = 0; from < ids.length; from += PAGE)
      await scorePage(record, ids.slice(from, from + PAGE), services, signal);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  finish(evaluation, services);
}

/** The state of a run beside what is stored. */
interface Run {
  readonly evaluation: Evaluation;
  readonly spending: Spending;
  readonly recovered: ReadonlyMap<string, Score>;
}

/** Fixes which records are judged. Those that come later are not among them, so that it can begin anew. */
async function collect(given: Evaluation, services: RunServices, signal: AbortSignal): Promise<Evaluation> {
  const { store, logs, clock } = services;
  let isCut = false;
  for (const dataset of given.datasets) {
    const filters = await services.filtersOf(dataset);
    let after: LogPosition | null = null;
    do {
      signal.throwIfAborted();
      const page = await logs.list({
        ...queryOf(given, filters),
        to: given.createdAt + 1,
        limit: COLLECT_PAGE,
        after,
      });
      const room = MOST_LOGS - store.countLogs(given.id);
      store.addLogs(
        given.id,
        page.rows.slice(0, room).map(({ id }) => id),
      );
      isCut ||= page.rows.length > room || (page.rows.length === room && page.next !== null);
      after = room > page.rows.length ? page.next : null;
    } while (after !== null);
  }
  signal.throwIfAborted();
  const evaluation: Evaluation = {
    ...given,
    state: 'running',
    totalLogs: store.countLogs(given.id),
    isCut,
    modifiedAt: clock.now(),
  };
  store.putEvaluation(evaluation);
  return evaluation;
}

async function scorePage(
  run: Run,
  ids: readonly string[],
  services: RunServices,
  signal: AbortSignal,
): Promise<void> {
  const { evaluation } = run;
  await inParallel(ids, RECORDS_AT_ONCE, async (logId) => {
    signal.throwIfAborted();
    // One by one: a list of ids is a search, and how long that takes depends on all that is stored.
    const row = await services.logs.find(evaluation.account, evaluation.gateway, logId);
    const scores =
      row === null
        ? evaluation.evaluators.map(({ typeId }) => unscored(typeId, 'skipped', 'gone'))
        : await scoreAll(run, row, services, signal);
    signal.throwIfAborted();
    services.store.putScores(evaluation.id, logId, scores);
  });
}

async function scoreAll(
  { evaluation, spending, recovered }: Run,
  row: LogRow,
  services: RunServices,
  signal: AbortSignal,
): Promise<Score[]> {
  const { account, gateway, evaluators } = evaluation;
  const conversation = evaluators.some(needsAnswer)
    ? await services.conversations.conversation(account, gateway, row.id)
    : null;
  const score = (choice: EvaluatorChoice): Score | Promise<Score> => {
    if (choice.typeId !== 'model_judge') return scoreRecord(choice, row, conversation, services.checker);
    return (
      recovered.get(row.id) ??
      judgeRecord(evaluation, choice.parameters, row.id, conversation, spending, services, signal)
    );
  };
  // The judge last: from its question on, the record counts as begun.
  const ordered = [...evaluators].sort(
    (a, b) => Number(a.typeId === 'model_judge') - Number(b.typeId === 'model_judge'),
  );
  const scores: Score[] = [];
  for (const choice of ordered) scores.push(await score(choice));
  return scores;
}

function finish(evaluation: Evaluation, { store, clock }: RunServices): void {
  const results = resultsOf(evaluation, store.summarise(evaluation.id), store.countDone(evaluation.id), true);
  // Deleted meanwhile: it must not come back.
  if (store.findEvaluation(evaluation.account, evaluation.gateway, evaluation.id) === null) return;
  store.putEvaluation({ ...evaluation, state: 'completed', results, modifiedAt: clock.now() });
}

function queryOf({ account, gateway }: Evaluation, filters: LogFilter[]): LogQuery {
  return {
    account,
    gateway,
    filters,
    search: null,
    from: null,
    to: null,
    orderBy: 'created_at',
    direction: 'desc',
    limit: PAGE,
    offset: 0,
    after: null,
    withRanges: false,
  };
}
