import { z } from 'zod';

const dateTime = z.iso.datetime();
const scalar = z.union([z.string().max(1024), z.number(), z.boolean()]);

/** Keys of the hosted API, then ours: with `id` a dataset holds single records. */
export const datasetFilterKeys = [
  'created_at',
  'request_content_type',
  'response_content_type',
  'success',
  'cached',
  'provider',
  'model',
  'cost',
  'tokens',
  'tokens_in',
  'tokens_out',
  'duration',
  'feedback',
  'id',
] as const;

export const datasetFilterSchema = z.strictObject({
  key: z.enum(datasetFilterKeys),
  operator: z.enum(['eq', 'contains', 'lt', 'gt']),
  value: z.array(scalar).min(1).max(1000),
});
export type DatasetFilter = z.infer<typeof datasetFilterSchema>;

export const datasetObjectSchema = z.object({
  id: z.string(),
  gateway_id: z.string(),
  name: z.string(),
  enable: z.boolean(),
  filters: z.array(datasetFilterSchema),
  created_at: dateTime,
  modified_at: dateTime,
});
export type DatasetObject = z.infer<typeof datasetObjectSchema>;

export const evaluationTypeIdSchema = z.enum([
  'cost',
  'speed',
  'human_feedback',
  'exact_match',
  'regex_match',
  'json_schema',
  'model_judge',
]);

export const evaluationTypeObjectSchema = z.object({
  id: evaluationTypeIdSchema,
  name: z.string(),
  type: z.string(),
  description: z.string(),
  enable: z.boolean(),
  mandatory: z.boolean(),
  created_at: dateTime,
  modified_at: dateTime,
  unit: z
    .enum(['usd', 'ms', 'percent', 'score'])
    .meta({ description: 'Tidegate: what the number in `result` is.' }),
});
export type EvaluationTypeObject = z.infer<typeof evaluationTypeObjectSchema>;

/** What the types need to know, by type; shown again with the evaluation. */
export const evaluationParametersSchema = z.strictObject({
  exact_match: z
    .strictObject({
      expected: z.string().max(100_000).optional().meta({ description: 'The text that is expected.' }),
      expected_metadata: z
        .string()
        .min(1)
        .max(256)
        .optional()
        .meta({ description: 'In its place: the metadata key that holds it in each log.' }),
      ignore_case: z.boolean().optional(),
    })
    .refine(
      ({ expected, expected_metadata }) => (expected === undefined) !== (expected_metadata === undefined),
      {
        error: 'needs `expected` or `expected_metadata`, and not both',
      },
    )
    .optional(),
  regex_match: z
    .strictObject({
      pattern: z.string().min(1).max(4096),
      flags: z
        .string()
        .regex(/^(?!.*(.).*\1)[imsu]{0,4}$/, { error: 'must be some of i, m, s, u' })
        .optional(),
      negate: z.boolean().optional().meta({ description: 'True: an answer that matches fails.' }),
    })
    .optional(),
  json_schema: z
    .strictObject({
      schema: z
        .union([z.record(z.string(), z.unknown()), z.boolean()])
        .meta({ description: 'JSON Schema, draft 2020-12.' }),
    })
    .optional(),
  model_judge: z
    .strictObject({
      gateway: z.string().max(64).optional().meta({ description: 'Default: the gateway of the evaluation.' }),
      provider: z.string().min(1).max(128),
      model: z.string().min(1).max(256),
      path: z
        .string()
        .min(1)
        .max(512)
        .optional()
        .meta({ description: 'After the provider; default: the chat endpoint of the provider.' }),
      format: z.enum(['openai', 'anthropic', 'google']).optional(),
      instructions: z.string().min(1).max(20_000),
      pass_score: z.number().min(0).max(1).optional().meta({ description: 'Default 0.5.' }),
      max_calls: z.number().int().min(1).max(10_000).optional().meta({ description: 'Default 500.' }),
      max_cost: z.number().positive().max(100_000).optional().meta({ description: 'USD; default 1.' }),
    })
    .optional(),
});
export type EvaluationParameters = z.infer<typeof evaluationParametersSchema>;

export const evaluationObjectSchema = z.object({
  id: z.string(),
  gateway_id: z.string(),
  name: z.string(),
  processed: z.boolean(),
  total_logs: z.number(),
  datasets: z.array(datasetObjectSchema.extend({ account_id: z.string(), account_tag: z.string() })),
  results: z.array(
    z.object({
      id: z.string(),
      evaluation_id: z.string(),
      evaluation_type_id: evaluationTypeIdSchema,
      result: z.string().meta({ description: 'A number in the unit of the type; empty when there is none.' }),
      status: z.number().meta({ description: '1 in progress, 2 completed, 3 error.' }),
      status_description: z.string(),
      total_logs: z.number().meta({ description: 'Logs that have a score.' }),
      cost: z.number().meta({ description: 'Tidegate: USD spent on the judge.' }),
      created_at: dateTime,
      modified_at: dateTime,
    }),
  ),
  created_at: dateTime,
  modified_at: dateTime,
  state: z.enum(['collecting', 'running', 'completed', 'error']),
  processed_logs: z.number(),
  problem: z.string().nullable().meta({ description: 'Why it is in error.' }),
  parameters: evaluationParametersSchema,
});
export type EvaluationObject = z.infer<typeof evaluationObjectSchema>;

export const evaluationScoreSchema = z.object({
  log_id: z.string(),
  evaluation_type_id: z.string(),
  state: z.enum(['scored', 'skipped', 'failed']),
  score: z.number().nullable().meta({ description: 'USD, ms, 1 or -1 for thumbs, 0 to 1 for the others.' }),
  passed: z.boolean().nullable(),
  explanation: z.string().nullable(),
  reason: z.string().nullable().meta({ description: 'Why there is no score.' }),
  cost: z.number().nullable().meta({ description: 'USD that asking the judge cost.' }),
});
export type EvaluationScore = z.infer<typeof evaluationScoreSchema>;
