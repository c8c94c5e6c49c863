import type { GraphQLResolveInfo } from 'graphql';
import type { LogFilter } from '../../core/stores/logs.ts';
import type { ApiServices } from '../services.ts';
import { CACHE, type Dataset, ERRORS, REQUESTS, SIZE } from './fields.ts';
import { LIMITS } from './limits.ts';
import { overLimit, QueryRefusal } from './refusal.ts';
import { runGroups } from './run-groups.ts';
import { runSizes } from './run-sizes.ts';
import { type AccountFilter, availableFields, type DatasetParameters, type QueryContext } from './schema.ts';
import { readSelection } from './selection.ts';

/** The datasets, and what each of them is about without being asked. */
const OWN_FILTERS: ReadonlyMap<Dataset, readonly LogFilter[]> = new Map([
  [REQUESTS, []],
  [ERRORS, [{ key: 'success', operator: 'eq', value: [false] }]],
  [CACHE, [{ key: 'cached', operator: 'eq', value: [true] }]],
  [SIZE, []],
]);
export const DATASETS: readonly Dataset[] = [...OWN_FILTERS.keys()];

/** One query on its way: whose it is, and its datasets, one after the other. */
export class QueryRun implements QueryContext {
  readonly #services: ApiServices;
  readonly #account: string;
  readonly #deadlineTick: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(services: ApiServices, account: string, timeoutMs: number) {
    this.#services = services;
    this.#account = account;
    this.#deadlineTick = services.clock.tick() + timeoutMs;
  }

  /** The caller's account. Another is refused and not left out: an empty answer would read as no traffic. */
  accounts(filter: AccountFilter | null): unknown[] {
    const tags = [...(filter?.accountTag_in ?? []), ...(filter?.accountTag ? [filter.accountTag] : [])];
    if (tags.some((tag) => tag !== this.#account)) {
      throw new QueryRefusal(403, 'authz', 'not authorized for that account');
    }
    return [{}];
  }

  dataset(dataset: Dataset, parameters: DatasetParameters, info: GraphQLResolveInfo): Promise<unknown> {
    const answer = this.#last.then(() => this.#run(dataset, parameters, info));
    // The store reads for one at a time in any case, and a query must not stand before all others.
    this.#last = answer.catch(() => {});
    return answer;
  }

  settings(dataset: Dataset): unknown {
    return { ...LIMITS, enabled: true, availableFields: availableFields(dataset) };
  }

  async #run(dataset: Dataset, parameters: DatasetParameters, info: GraphQLResolveInfo): Promise<unknown> {
    const { clock, config, logs, analytics } = this.#services;
    if (clock.tick() > this.#deadlineTick) throw tooSlow();
    const selection = readSelection(info);
    const account = this.#account;
    const nowMs = clock.now();
    if (dataset === SIZE) {
      const gateways = [...config.snapshot().gateways.values()].filter((one) => one.account === account);
      return runSizes(parameters, selection.dimensions, { logs, account, gateways, nowMs });
    }
    try {
      const own = OWN_FILTERS.get(dataset) ?? [];
      return await runGroups(dataset, own, parameters, selection, { analytics, account, nowMs });
    } catch (error) {
      // The store's word for a question that is too wide.
      throw error instanceof RangeError ? overLimit(error.message) : error;
    }
  }
}

export const tooSlow = (): QueryRefusal =>
  new QueryRefusal(503, 'unavailable', 'the query took too long: ask for a shorter time or fewer datasets');
