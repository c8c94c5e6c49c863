import { queryOptions } from '@tanstack/react-query';
import type {
  EvaluationObject,
  EvaluationParameters,
  EvaluationScore,
  EvaluationTypeObject,
} from '../../../src/api/contract/evaluations.ts';
import { accountPath, gatewayApiPath, getOne, getPage, type Page, type Query, send } from './client.ts';

export type Evaluation = EvaluationObject;
export type EvaluationResult = EvaluationObject['results'][number];
export type EvaluationType = EvaluationTypeObject;
export type EvaluationTypeId = EvaluationTypeObject['id'];
export type Parameters = EvaluationParameters;
export type Score = EvaluationScore;

const PER_PAGE = 20;
const TYPES_STALE_MS = 3_600_000;

export const evaluationTypesQuery = queryOptions({
  queryKey: ['evaluation-types'],
  staleTime: TYPES_STALE_MS,
  queryFn: async ({ signal }): Promise<readonly EvaluationType[]> =>
    (await getPage<EvaluationType>(accountPath('/evaluation-types'), { per_page: 100 }, signal)).rows,
});

export const evaluationsQuery = (gateway: string, page: number) =>
  queryOptions({
    queryKey: ['evaluations', gateway, page],
    queryFn: ({ signal }): Promise<Page<Evaluation>> =>
      getPage(gatewayApiPath(gateway, '/evaluations'), { page, per_page: PER_PAGE }, signal),
  });

const evaluationPath = (gateway: string, id: string, rest = ''): string =>
  gatewayApiPath(gateway, `/evaluations/${encodeURIComponent(id)}${rest}`);

export const evaluationQuery = (gateway: string, id: string) =>
  queryOptions({
    queryKey: ['evaluation', gateway, id],
    queryFn: ({ signal }) => getOne<Evaluation>(evaluationPath(gateway, id), undefined, signal),
  });

/** Asked again whenever more has been judged: `judged` is how far the evaluation is. */
export const scoresQuery = (gateway: string, id: string, judged: string, query: Query) =>
  queryOptions({
    queryKey: ['scores', gateway, id, judged, query],
    queryFn: ({ signal }): Promise<Page<Score>> =>
      getPage(evaluationPath(gateway, id, '/results'), query, signal),
  });

export interface EvaluationBody {
  readonly name: string;
  readonly dataset_ids: readonly string[];
  readonly evaluation_type_ids: readonly EvaluationTypeId[];
  readonly parameters: Parameters;
}

export const createEvaluation = (gateway: string, body: EvaluationBody): Promise<Evaluation> =>
  send('POST', gatewayApiPath(gateway, '/evaluations'), body);

export const deleteEvaluation = (gateway: string, id: string): Promise<Evaluation> =>
  send('DELETE', evaluationPath(gateway, id));
