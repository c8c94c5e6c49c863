import { z } from 'zod';
import { EVALUATION_TYPES } from '../core/evaluation.ts';
import { type EvaluationTypeObject, evaluationTypeObjectSchema } from './contract/evaluations.ts';
import { ACCOUNT, type Endpoint, endpoint } from './endpoint.ts';
import { pageResponse } from './envelope.ts';
import { orderDirection, pagingShape } from './validation.ts';

/** When the types came into being: with the program, not with an account. */
const BORN = '2026-11-22T00:00:00.000Z';

const listQuery = z.strictObject({
  ...pagingShape(100),
  order_by: z.enum(['id', 'name', 'type', 'created_at', 'modified_at']).optional(),
  order_by_direction: orderDirection.default('asc'),
});

export const evaluationTypeEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/evaluation-types`,
    permission: 'read',
    tag: 'Evaluations',
    summary: 'List what evaluations can find out',
    query: listQuery,
    result: { kind: 'list', schema: evaluationTypeObjectSchema },
    handle: ({ query }) => {
      const all: EvaluationTypeObject[] = EVALUATION_TYPES.map(({ id, name, description, unit }) => ({
        id,
        name,
        type: id,
        description,
        enable: true,
        mandatory: false,
        created_at: BORN,
        modified_at: BORN,
        unit,
      }));
      const by = query.order_by;
      const sign = query.order_by_direction === 'asc' ? 1 : -1;
      if (by !== undefined) all.sort((a, b) => (a[by] < b[by] ? -sign : a[by] > b[by] ? sign : 0));
      else if (sign < 0) all.reverse();
      return pageResponse(all, query, (each) => each);
    },
  }),
];
