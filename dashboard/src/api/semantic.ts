import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  ComparisonObject,
  PairCheckObject,
  SemanticEntryObject,
  SemanticSummaryObject,
  SimilarHitObject,
  WrongPairObject,
} from '../../../src/api/contract/semantic.ts';
import type { TimeRange } from '../filters/time-range.ts';
import { gatewayApiPath, getOne, getPage, type Page, type Query, send } from './client.ts';

export type SemanticSummary = SemanticSummaryObject;
export type MeasuredShare = SemanticSummaryObject['error'];
export type SimilarHit = SimilarHitObject;
export type WrongPair = WrongPairObject;
export type PairCheck = PairCheckObject;
export type Comparison = ComparisonObject;
export type SemanticEntry = SemanticEntryObject;

const path = (gateway: string, rest = ''): string => gatewayApiPath(gateway, `/cache/semantic${rest}`);
const one = (id: string): string => `/${encodeURIComponent(id)}`;

export const semanticSummaryQuery = (gateway: string, range: TimeRange) =>
  queryOptions({
    queryKey: ['semantic', gateway, 'summary', range],
    queryFn: ({ signal }) =>
      getOne<SemanticSummary>(path(gateway), { from: range.from, to: range.to }, signal),
    placeholderData: keepPreviousData,
  });

export const similarHitsQuery = (gateway: string, query: Query) =>
  queryOptions({
    queryKey: ['semantic', gateway, 'hits', query],
    queryFn: ({ signal }): Promise<Page<SimilarHit>> => getPage(path(gateway, '/hits'), query, signal),
    placeholderData: keepPreviousData,
  });

/** The hit that answered a request: both have the same id. */
export const similarHitQuery = (gateway: string, id: string) =>
  queryOptions({
    queryKey: ['semantic', gateway, 'hit', id],
    queryFn: ({ signal }) => getOne<SimilarHit>(path(gateway, `/hits${one(id)}`), undefined, signal),
  });

/** 'wrong' removes the answer and keeps the pair as a test. */
export const judgeHit = (gateway: string, id: string, verdict: 'right' | 'wrong'): Promise<SimilarHit> =>
  send('POST', path(gateway, `/hits${one(id)}/verdict`), { verdict });

export const resumeSemantic = (gateway: string): Promise<unknown> => send('POST', path(gateway, '/resume'));

export const wrongPairsQuery = (gateway: string, query: Query) =>
  queryOptions({
    queryKey: ['semantic', gateway, 'wrong-pairs', query],
    queryFn: ({ signal }): Promise<Page<WrongPair>> => getPage(path(gateway, '/wrong-pairs'), query, signal),
    placeholderData: keepPreviousData,
  });

export const deleteWrongPair = (gateway: string, id: string): Promise<unknown> =>
  send('DELETE', path(gateway, `/wrong-pairs${one(id)}`));

export const checkWrongPairs = (gateway: string): Promise<PairCheck> =>
  send('POST', path(gateway, '/wrong-pairs/check'));

export const compareQuestions = (gateway: string, asked: string, stored: string): Promise<Comparison> =>
  send('POST', path(gateway, '/compare'), { asked, stored });

export const semanticEntriesQuery = (gateway: string, query: Query) =>
  queryOptions({
    queryKey: ['semantic', gateway, 'entries', query],
    queryFn: ({ signal }): Promise<Page<SemanticEntry>> => getPage(path(gateway, '/entries'), query, signal),
    placeholderData: keepPreviousData,
  });

export const deleteSemanticEntry = (gateway: string, id: string): Promise<unknown> =>
  send('DELETE', path(gateway, `/entries${one(id)}`));

/** Without conditions, all of them. */
export const purgeSemantic = (gateway: string, conditions: Query): Promise<{ readonly deleted?: number }> =>
  send('DELETE', path(gateway, '/entries'), undefined, conditions);
