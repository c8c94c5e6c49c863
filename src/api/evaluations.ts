import { z } from 'zod';
import { newId } from '../core/ids.ts';
import type { Dataset, Evaluation, StoredScore } from '../core/stores/evaluations.ts';
import { authorise } from './access.ts';
import {
  type EvaluationScore,
  evaluationObjectSchema,
  evaluationParametersSchema,
  evaluationScoreSchema,
  evaluationTypeIdSchema,
} from './contract/evaluations.ts';
import { type AuditRule, type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import {
  conflict,
  invalid,
  notFound,
  pageInfo,
  pageRange,
  pageResponse,
  resultResponse,
} from './envelope.ts';
import { lowerEvaluators } from './evaluation-parameters.ts';
import { showEvaluation } from './evaluation-row.ts';
import { findGateway } from './find-gateway.ts';
import { usd } from './log-row.ts';
import { booleanText, orderDirection, pagingShape } from './validation.ts';

const tag = 'Evaluations';
const EVALUATIONS = `${GATEWAY}/evaluations`;
const EVALUATION = `${EVALUATIONS}/{evaluation_id}`;
const result = { kind: 'one', schema: evaluationObjectSchema } as const;

const MOST_EVALUATIONS = 1000;
const MOST_UNFINISHED = 20;

const distinct = (list: readonly string[]): boolean => new Set(list).size === list.length;

const createBody = z.strictObject({
  name: z.string().trim().min(1).max(256),
  dataset_ids: z.array(z.string().max(64)).min(1).max(20).refine(distinct, { error: 'must not repeat' }),
  evaluation_type_ids: z
    .array(evaluationTypeIdSchema)
    .min(1)
    .max(7)
    .refine(distinct, { error: 'must not repeat' }),
  parameters: evaluationParametersSchema
    .optional()
    .meta({ description: 'Tidegate: what the types beside cost, speed and feedback need to know, by type.' }),
});

const listQuery = z.strictObject({
  ...pagingShape(100),
  name: z.string().max(256).optional(),
  processed: booleanText.optional(),
  search: z.string().max(256).optional(),
  order_by: z.enum(['created_at', 'modified_at', 'name']).default('created_at'),
  order_by_direction: orderDirection.default('desc'),
});

const scoresQuery = z.strictObject({
  ...pagingShape(100),
  evaluation_type_id: evaluationTypeIdSchema.optional(),
  state: z.enum(['scored', 'skipped', 'failed']).optional(),
  passed: booleanText.optional(),
});

const type = 'ai_gateway.evaluation';

export const evaluationEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: EVALUATIONS,
    permission: 'read',
    tag,
    summary: 'List evaluations, newest first',
    query: listQuery,
    result: { kind: 'list', schema: evaluationObjectSchema },
    handle: (call) => {
      const { query } = call;
      const gateway = findGateway(call);
      const { evaluations } = call.services;
      const wanted = (query.search ?? '').toLowerCase();
      const found = evaluations.store
        .listEvaluations(call.account, gateway.id)
        .filter(
          (evaluation) =>
            (query.name === undefined || evaluation.name === query.name) &&
            (query.processed === undefined || isProcessed(evaluation) === query.processed) &&
            `${evaluation.id} ${evaluation.name}`.toLowerCase().includes(wanted),
        );
      return pageResponse(sorted(found, query), query, (each) => showEvaluation(each, evaluations));
    },
  }),
  endpoint({
    method: 'post',
    path: EVALUATIONS,
    permission: 'edit',
    tag,
    summary:
      'Judge the logs that are in some datasets now, in the background; with a model as judge it needs `run` as well',
    body: createBody,
    audit: { action: 'create', type, id: () => null, after: ({ body }) => body },
    result,
    handle: async (call) => {
      const { account, body, services, token } = call;
      const gateway = findGateway(call);
      const { evaluations } = services;
      if (body.evaluation_type_ids.includes('model_judge')) authorise(token, account, 'run');
      const others = evaluations.store.listEvaluations(account, gateway.id);
      if (others.length >= MOST_EVALUATIONS)
        throw conflict(['body'], `a gateway has at most ${MOST_EVALUATIONS} evaluations; delete some`);
      if (others.filter((each) => !isProcessed(each)).length >= MOST_UNFINISHED)
        throw conflict(['body'], `${MOST_UNFINISHED} evaluations are still being made; wait for one to end`);
      const datasets = datasetsOf(call, gateway.id, body.dataset_ids);
      const evaluators = lowerEvaluators(body.evaluation_type_ids, body.parameters ?? {}, call);
      for (const choice of evaluators) {
        const problem = await evaluations.problemOf(choice);
        if (problem !== null) throw invalid(['body', 'parameters', choice.typeId], problem.slice(0, 500));
      }
      const now = services.clock.now();
      const evaluation: Evaluation = {
        id: newId(now),
        account,
        gateway: gateway.id,
        name: body.name,
        tokenId: token.id,
        datasets,
        evaluators,
        state: 'collecting',
        totalLogs: 0,
        isCut: false,
        problem: null,
        results: [],
        createdAt: now,
        modifiedAt: now,
      };
      evaluations.store.putEvaluation(evaluation);
      evaluations.start(evaluation);
      return resultResponse(showEvaluation(evaluation, evaluations));
    },
  }),
  endpoint({
    method: 'get',
    path: EVALUATION,
    permission: 'read',
    tag,
    summary: 'Show an evaluation with its results so far',
    result,
    handle: (call) => resultResponse(showEvaluation(findEvaluation(call), call.services.evaluations)),
  }),
  endpoint({
    method: 'delete',
    path: EVALUATION,
    permission: 'edit',
    tag,
    summary: 'Delete an evaluation with its results; one that is being made is ended',
    audit: {
      action: 'delete',
      type,
      id: (call) => findEvaluation(call).id,
      before: (call) => showEvaluation(findEvaluation(call), call.services.evaluations),
    } satisfies AuditRule,
    result,
    handle: (call) => {
      const { evaluations } = call.services;
      const evaluation = findEvaluation(call);
      const shown = showEvaluation(evaluation, evaluations);
      evaluations.store.deleteEvaluation(evaluation.account, evaluation.gateway, evaluation.id);
      evaluations.dropDeleted();
      return resultResponse(shown);
    },
  }),
  endpoint({
    method: 'get',
    path: `${EVALUATION}/results`,
    permission: 'read',
    tag,
    summary: 'List what was found about each log',
    query: scoresQuery,
    result: { kind: 'list', schema: evaluationScoreSchema },
    handle: (call) => {
      const { query } = call;
      const { scores, totalCount } = call.services.evaluations.store.listScores(
        findEvaluation(call).id,
        {
          typeId: query.evaluation_type_id ?? null,
          state: query.state ?? null,
          passed: query.passed ?? null,
        },
        pageRange(query),
      );
      return resultResponse(scores.map(showScore), pageInfo(query, scores.length, totalCount));
    },
  }),
];

function findEvaluation(call: Call<unknown, unknown>): Evaluation {
  const gateway = findGateway(call);
  const id = call.params.evaluation_id ?? '';
  const evaluation = call.services.evaluations.store.findEvaluation(call.account, gateway.id, id);
  if (evaluation === null) throw notFound('evaluation');
  return evaluation;
}

function datasetsOf(call: Call<unknown, unknown>, gateway: string, ids: readonly string[]): Dataset[] {
  return ids.map((id, index) => {
    const place = ['body', 'dataset_ids', String(index)];
    const dataset = call.services.evaluations.store.findDataset(call.account, gateway, id);
    if (dataset === null) throw invalid(place, 'there is no such dataset in this gateway');
    if (!dataset.enable) throw invalid(place, 'this dataset is switched off');
    return dataset;
  });
}

const isProcessed = ({ state }: Evaluation): boolean => state === 'completed' || state === 'error';

function sorted(found: readonly Evaluation[], query: z.infer<typeof listQuery>): readonly Evaluation[] {
  const field = ({ created_at: 'createdAt', modified_at: 'modifiedAt', name: 'name' } as const)[
    query.order_by
  ];
  const sign = query.order_by_direction === 'asc' ? 1 : -1;
  return [...found].sort((a, b) => {
    const [left, right] = a[field] === b[field] ? [a.id, b.id] : [a[field], b[field]];
    return left < right ? -sign : sign;
  });
}

function showScore(score: StoredScore): EvaluationScore {
  return {
    log_id: score.logId,
    evaluation_type_id: score.typeId,
    state: score.state,
    score: score.value,
    passed: score.passed,
    explanation: score.explanation,
    reason: score.reason,
    cost: usd(score.costNanos),
  };
}
