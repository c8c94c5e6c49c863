import type { LogFilter, LogQuery } from '../../src/core/stores/logs.ts';
import { ACCOUNT, GATEWAYS } from './traffic.ts';

export interface Asked {
  readonly name: string;
  readonly query: LogQuery;
}

/** What is looked up in the store itself, so that something is found. */
export interface Samples {
  readonly session: string;
  readonly id: string;
  readonly trace: string;
}

const filter = (
  key: string,
  operator: LogFilter['operator'],
  ...value: LogFilter['value'][number][]
): LogFilter => ({ key, operator, value });

/** A first page of the list over all 30 days, of the largest gateway. */
export function ask(name: string, change: Partial<LogQuery>): Asked {
  return {
    name,
    query: {
      account: ACCOUNT,
      gateway: GATEWAYS[0][0],
      filters: [],
      search: null,
      from: null,
      to: null,
      orderBy: 'created_at',
      direction: 'desc',
      limit: 50,
      offset: 0,
      after: null,
      withRanges: false,
      ...change,
    },
  };
}

/** Filters that match nearly all, some and hardly any; orders; free text. */
export function questions({ session, id, trace }: Samples): readonly Asked[] {
  return [
    ask('no filter', {}),
    ask('no filter, smallest gateway', { gateway: 'legacy' }),
    ask('success is true', { filters: [filter('success', 'eq', true)] }),
    ask('status class is 5xx', { filters: [filter('status_class', 'eq', 5)] }),
    ask('one model', { filters: [filter('model', 'eq', 'gpt-4o-mini')] }),
    ask('one model that does not exist', { filters: [filter('model', 'eq', 'gpt-99')] }),
    ask('model contains', { filters: [filter('model', 'contains', 'Sonnet')] }),
    ask('provider is not', { filters: [filter('provider', 'neq', 'openai', 'anthropic')] }),
    ask('one user', { filters: [filter('user_id', 'eq', 'u-4711')] }),
    ask('user contains', { filters: [filter('user_id', 'contains', '471')] }),
    ask('one session', { filters: [filter('session_id', 'eq', session)] }),
    ask('session is not', { filters: [filter('session_id', 'neq', session)] }),
    ask('one id', { filters: [filter('id', 'eq', id)] }),
    ask('one event id', { filters: [filter('event_id', 'eq', id)] }),
    ask('duration over 20 s', { filters: [filter('duration', 'gt', 20_000)] }),
    ask('cost over 0.5 USD', { filters: [filter('cost', 'gt', 0.5)] }),
    ask('tokens in under 50', { filters: [filter('tokens_in', 'lt', 50)] }),
    ask('metadata team is', { filters: [filter('metadata:team', 'eq', 'billing')] }),
    ask('metadata trace is (one record)', { filters: [filter('metadata:trace', 'eq', trace)] }),
    ask('metadata user contains', { filters: [filter('metadata:user', 'contains', '-47')] }),
    ask('some metadata value is', { filters: [filter('metadata.value', 'eq', 'staging')] }),
    ask('has no metadata key', { filters: [filter('metadata:feature', 'eq', null)] }),
    ask('error type is', { filters: [filter('error_type', 'eq', 'overloaded_error')] }),
    ask('reason for no similar answer is', { filters: [filter('cache_reason', 'eq', 'gate-names')] }),
    ask('reason for no similar answer contains', { filters: [filter('cache_reason', 'contains', 'gate-')] }),
    ask('user agent contains', { filters: [filter('user_agent', 'contains', 'python')] }),
    ask('five filters', {
      filters: [
        filter('provider', 'eq', 'anthropic'),
        filter('streamed', 'eq', true),
        filter('duration', 'gt', 1000),
        filter('metadata:team', 'eq', 'search', 'data'),
        filter('cost', 'gt', 0.001),
      ],
    }),
    ask('eight filters', {
      filters: [
        filter('provider', 'neq', 'groq'),
        filter('success', 'eq', true),
        filter('cached', 'eq', false),
        filter('tokens_in', 'gt', 100),
        filter('tokens_out', 'gt', 10),
        filter('ttfb', 'lt', 5000),
        filter('user_agent', 'contains', 'cli'),
        filter('session_id', 'neq', null),
      ],
    }),
    ask('by cost, dearest first', { orderBy: 'cost' }),
    ask('by duration, longest first', { orderBy: 'duration' }),
    ask('by tokens in, fewest first', { orderBy: 'tokens_in', direction: 'asc' }),
    ask('by provider', { orderBy: 'provider', direction: 'asc' }),
    ask('by model, last first', { orderBy: 'model' }),
    ask('by feedback', { orderBy: 'feedback' }),
    ask('oldest first, one model', {
      direction: 'asc',
      filters: [filter('model', 'eq', 'gpt-5')],
    }),
    ask('by cost, one user', { orderBy: 'cost', filters: [filter('user_id', 'eq', 'u-4711')] }),
    ask('by duration, errors', { orderBy: 'duration', filters: [filter('success', 'eq', false)] }),
    ask('search: a common word', { search: 'claude' }),
    ask('search: a rare word', { search: 'glm-4p5' }),
    ask('search: a user', { search: 'u-4711' }),
    ask('search: a word of errors', { search: 'overloaded' }),
    ask('search: nothing has it', { search: 'unobtainium' }),
    ask('search: digits', { search: '42' }),
    ask('search: an id', { search: id }),
    ask('search and filters', {
      search: 'billing',
      filters: [filter('status_class', 'eq', 2), filter('streamed', 'eq', true)],
    }),
    ask('with ranges, one model', { withRanges: true, filters: [filter('model', 'eq', 'gpt-4o-mini')] }),
    ask('event id contains', { filters: [filter('event_id', 'contains', 'cafe')] }),
    ask('duration contains digits', { filters: [filter('duration', 'contains', '42')] }),
  ];
}
