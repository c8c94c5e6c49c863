import type { Clock } from '../../core/clock.ts';
import type { ConversationStore } from '../../core/conversation.ts';
import type { EvaluatorChoice } from '../../core/evaluation.ts';
import type { EvaluationDesk } from '../../core/evaluation-desk.ts';
import type { Health } from '../../core/health.ts';
import type { CallGateway } from '../../core/inside-call.ts';
import type { Logger } from '../../core/logger.ts';
import { type ConfigStore, gatewayKey } from '../../core/stores/config.ts';
import type { LogStore } from '../../core/stores/logs.ts';
import { EvaluationRuns } from '../../evaluations/evaluation-runs.ts';
import { resultsOf } from '../../evaluations/results.ts';
import { TextChecker } from '../../evaluations/text-checker.ts';
import { openEvaluationStore } from '../../stores/sqlite/evaluations.ts';

export interface EvaluationOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
  readonly config: ConfigStore;
  readonly logs: LogStore;
  readonly conversations: ConversationStore;
  readonly callGateway: CallGateway;
}

export interface Evaluations extends EvaluationDesk {
  /** Takes up what an earlier process left; to be called once calls can be made. What it returns ends all work. */
  resume(): { close(): Promise<void> };
  /** Closes the store, after the work. */
  close(): Promise<void>;
}

/** Datasets and evaluations: their store, and what works on them in the background. */
export function openEvaluations(options: EvaluationOptions): Evaluations {
  const { path, clock, health, config } = options;
  const { opened: store, setAside } = openEvaluationStore(path, clock.now());
  if (setAside !== null) {
    health.degrade(
      'evaluations',
      `evaluations.db was damaged and is now ${setAside}; datasets and evaluations begin anew`,
      clock.now(),
    );
  }
  const checker = new TextChecker();
  const runs = new EvaluationRuns({
    ...options,
    store,
    checker,
    // The management API is not loaded before it is used.
    filtersOf: async ({ filters }) =>
      (await import('../../api/dataset-filters.ts')).lowerDatasetFilters(filters),
    findGateway: (account, id) => config.snapshot().gateways.get(gatewayKey(account, id)) ?? null,
    findToken(account, id) {
      const token = [...config.snapshot().tokens.values()].find((each) => each.id === id);
      if (token === undefined || token.account !== account) return null;
      if (token.expiresAt !== null && token.expiresAt <= clock.now()) return null;
      return token.permissions.includes('run') || token.permissions.includes('admin') ? token : null;
    },
  });
  return {
    store,
    start: (evaluation) => runs.start(evaluation),
    dropDeleted: () => runs.dropDeleted(),
    problemOf: (choice) => problemOf(choice, checker),
    resultsOf: (evaluation) =>
      evaluation.state === 'completed'
        ? evaluation.results
        : resultsOf(
            evaluation,
            store.summarise(evaluation.id),
            store.countDone(evaluation.id),
            evaluation.state === 'error',
          ),
    resume() {
      runs.resume();
      return runs;
    },
    async close() {
      await runs.close();
      store.close();
    },
  };
}

async function problemOf(choice: EvaluatorChoice, checker: TextChecker): Promise<string | null> {
  if (choice.typeId !== 'regex_match' && choice.typeId !== 'json_schema') return null;
  const outcome = await checker.check(
    choice.typeId === 'regex_match'
      ? { kind: 'regex', ...choice.parameters }
      : { kind: 'json-schema', schema: choice.parameters.schema },
    'null',
  );
  return outcome.kind === 'verdict' ? null : outcome.message;
}
