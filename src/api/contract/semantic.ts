import { z } from 'zod';

const share = z
  .object({
    wrong: z.number(),
    judged: z.number(),
    share: z.number().nullable(),
    low: z.number().meta({ description: '95 % Wilson interval.' }),
    high: z.number(),
  })
  .meta({ description: 'Shares are 0 to 1.' });
export type ShareObject = z.infer<typeof share>;

/** `GET {gateway}/cache/semantic`: how the semantic cache of a gateway does. */
export const semanticSummarySchema = z.object({
  mode: z.enum(['off', 'shadow', 'verify', 'on']).meta({ description: 'As it is set.' }),
  state: z
    .enum(['off', 'working', 'loading', 'paused', 'unavailable'])
    .meta({ description: 'What holds now: `unavailable` when the models cannot be loaded or asked.' }),
  problem: z.string().nullable().meta({ description: 'Why it is paused or unavailable, for people.' }),
  paused_since: z.iso.datetime().nullable(),
  embedder: z.string().nullable(),
  error_budget: z.number().nullable(),
  entries: z.number(),
  bytes: z.number(),
  partitions: z.number(),
  from: z.iso.datetime().meta({ description: 'Of the whole UTC days that the figures cover.' }),
  to: z.iso.datetime(),
  look_ups: z.number(),
  served: z.number(),
  would_serve: z.number().meta({ description: 'In shadow: what it would have answered.' }),
  reasons: z.array(z.object({ reason: z.string(), count: z.number() })),
  error: share,
  noise: share,
  saved: z.number().meta({ description: 'USD; in shadow what would have been saved.' }),
  saved_ms: z.number().meta({
    description: 'Ms that the paid answers took, less the way to the hits: embedding, search, verifier.',
  }),
  check_cost: z.number().meta({ description: 'USD spent on checking.' }),
  check_cost_today: z.number(),
  daily_check_budget: z.number().nullable(),
  operating_point: z
    .number()
    .nullable()
    .meta({ description: 'Least probability at which an answer is served now.' }),
  curve: z.array(
    z.object({
      probability: z.number(),
      hit_rate: z.number().meta({ description: 'Share of look-ups that would hit at this probability.' }),
      precision: z.number().nullable(),
      low: z.number(),
      high: z.number(),
      judged: z.number(),
    }),
  ),
  areas: z
    .object({
      p_chr_auc: z.number().meta({ description: 'Area under precision against cache hit ratio.' }),
      pr_auc: z.number().meta({ description: 'Area under precision against recall, of what was checked.' }),
      crr: z.number().nullable().meta({ description: 'Calibration retention rate: `p_chr_auc` / `pr_auc`.' }),
      hit_rate: z.number().meta({ description: 'How far the areas go: beyond it nothing was checked.' }),
    })
    .nullable()
    .meta({ description: 'The curve in figures; null while nothing was checked.' }),
});
export type SemanticSummaryObject = z.infer<typeof semanticSummarySchema>;

/** `GET {gateway}/cache/semantic/hits`: newest first. Needs `read`, because it shows prompts. */
export const similarHitSchema = z.object({
  id: z.string(),
  created_at: z.iso.datetime(),
  served: z.boolean(),
  entry: z.string(),
  partition: z.string(),
  asked: z.string(),
  stored: z.string(),
  similarity: z.number(),
  probability: z.number(),
  log_id: z.string().nullable().meta({ description: 'The request that got it; null when not served.' }),
  stored_log_id: z.string(),
  model: z.string().nullable(),
  age: z.number().meta({ description: 'Seconds since the answer was stored.' }),
  saved: z.number().nullable(),
  verdict: z.enum(['right', 'wrong', 'unsure']).nullable(),
  judged_by: z.enum(['text', 'label', 'embedding', 'judge', 'person']).nullable(),
  note: z.string().nullable(),
});
export type SimilarHitObject = z.infer<typeof similarHitSchema>;

/** `POST {gateway}/cache/semantic/hits/{id}/verdict`. 'wrong' evicts the answer and keeps the pair as a test. */
export const verdictBodySchema = z.strictObject({
  verdict: z.enum(['right', 'wrong']),
  note: z.string().max(1000).optional(),
});

/** `POST {gateway}/logs/{id}/wrong-answer`: the same by the id of the request that got the answer. */
export const wrongAnswerBodySchema = z.strictObject({ note: z.string().max(1000).optional() });

/** `GET {gateway}/cache/semantic/wrong-pairs`, and `POST …/wrong-pairs/check`, which tries them all again. */
export const wrongPairSchema = z.object({
  id: z.string(),
  asked: z.string(),
  stored: z.string(),
  created_at: z.iso.datetime(),
  hit: z.string(),
});
export type WrongPairObject = z.infer<typeof wrongPairSchema>;

/** `POST {gateway}/cache/semantic/compare`: what would happen if one were asked and the other stored. */
export const compareBodySchema = z.strictObject({
  asked: z.string().min(1).max(4096),
  stored: z.string().min(1).max(4096),
});
export const comparisonSchema = z.object({
  would_hit: z.boolean(),
  reason: z.string().nullable().meta({ description: 'Why not; a code.' }),
  detail: z.string().nullable(),
  similarity: z.number().nullable(),
  verifier: z.number().nullable().meta({ description: 'Probability that the verifier alone gives.' }),
  probability: z.number().nullable(),
  needed: z.number().meta({ description: 'Least probability for a hit.' }),
});
export type ComparisonObject = z.infer<typeof comparisonSchema>;

export const pairCheckSchema = z.object({
  checked: z.number(),
  would_hit: z.array(z.string()).meta({
    description:
      'Ids of pairs that only the list keeps apart: without it they would be held for the same again.',
  }),
});
export type PairCheckObject = z.infer<typeof pairCheckSchema>;

/** `GET {gateway}/cache/semantic/entries`. Needs `read`. */
export const semanticEntrySchema = z.object({
  id: z.string(),
  partition: z.string(),
  text: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  hits: z.number(),
  bytes: z.number(),
  cost: z.number().nullable(),
  log_id: z.string(),
});
export type SemanticEntryObject = z.infer<typeof semanticEntrySchema>;

export const semanticPurgeSchema = z.object({
  id: z.string(),
  deleted: z.number().meta({ description: 'Entries removed.' }),
});

export const resumedSchema = z.object({
  id: z.string(),
  resumed: z.boolean().meta({ description: 'False when it was not paused.' }),
});
