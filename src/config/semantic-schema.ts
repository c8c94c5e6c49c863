import { z } from 'zod';
import { nanosToUsd } from '../core/money.ts';
import { SEMANTIC_MODES, SEMANTIC_SCOPES, type SemanticSettings } from '../core/semantic.ts';

const modelName = z
  .string()
  .max(256)
  .regex(/^[a-z0-9][a-z0-9-]{0,63}\/\S+$/, {
    error: 'must be a provider and a model, such as openai/text-embedding-3-small',
  });

const embedder = z.union([
  z.string().regex(/^local(:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})?$/, {
    error: 'must be `local`, `local:{folder}` or a provider and a model',
  }),
  modelName,
]);

/** `semantic_cache` of a gateway. Whether an embedder works is found out when it is used, and shown on the cache page. */
export const semanticSettingsSchema = z
  .strictObject({
    mode: z.enum(SEMANTIC_MODES).optional(),
    embedder: embedder.optional(),
    embedder_dimensions: z.number().int().min(8).max(8192).nullable().optional(),
    error_budget: z.number().min(0.001).max(0.2).optional(),
    ttl: z.number().int().min(60).max(2_592_000).optional(),
    scope: z.enum(SEMANTIC_SCOPES).optional(),
    max_temperature: z.number().min(0).max(2).optional(),
    sample_rate: z.number().min(0).max(1).optional(),
    daily_check_budget: z.number().min(0).max(10_000).optional(),
    judge: modelName.nullable().optional(),
  })
  .meta({
    description:
      'Tidegate: answers to questions that mean the same. Null is off; with an embedder and no mode it is `shadow`.',
  });

export const semanticObjectSchema = z.object({
  mode: z.enum(SEMANTIC_MODES),
  embedder: z.string(),
  embedder_dimensions: z.number().nullable(),
  error_budget: z.number(),
  ttl: z.number(),
  scope: z.enum(SEMANTIC_SCOPES),
  max_temperature: z.number(),
  sample_rate: z.number(),
  daily_check_budget: z.number(),
  judge: z.string().nullable(),
});

export const SEMANTIC_DEFAULTS: SemanticSettings = {
  mode: 'shadow',
  embedder: 'local',
  embedderDimensions: null,
  errorBudget: 0.01,
  ttlSeconds: 86_400,
  scope: 'token',
  maxTemperature: 1,
  sampleRate: 0.05,
  dailyCheckNanos: 500_000_000,
  judge: null,
};

export function lowerSemantic(body: z.infer<typeof semanticSettingsSchema>): SemanticSettings {
  const defaults = SEMANTIC_DEFAULTS;
  return {
    mode: body.mode ?? defaults.mode,
    embedder: body.embedder ?? defaults.embedder,
    embedderDimensions: body.embedder_dimensions ?? defaults.embedderDimensions,
    errorBudget: body.error_budget ?? defaults.errorBudget,
    ttlSeconds: body.ttl ?? defaults.ttlSeconds,
    scope: body.scope ?? defaults.scope,
    maxTemperature: body.max_temperature ?? defaults.maxTemperature,
    sampleRate: body.sample_rate ?? defaults.sampleRate,
    dailyCheckNanos:
      body.daily_check_budget === undefined
        ? defaults.dailyCheckNanos
        : Math.round(body.daily_check_budget * 1e9),
    judge: body.judge ?? defaults.judge,
  };
}

export function raiseSemantic(settings: SemanticSettings): z.infer<typeof semanticObjectSchema> {
  return {
    mode: settings.mode,
    embedder: settings.embedder,
    embedder_dimensions: settings.embedderDimensions,
    error_budget: settings.errorBudget,
    ttl: settings.ttlSeconds,
    scope: settings.scope,
    max_temperature: settings.maxTemperature,
    sample_rate: settings.sampleRate,
    daily_check_budget: nanosToUsd(settings.dailyCheckNanos),
    judge: settings.judge,
  };
}
