import type {
  EvaluationTypeId,
  EvaluatorChoice,
  JudgeFormat,
  ModelJudgeParameters,
} from '../core/evaluation.ts';
import { nanosToUsd } from '../core/money.ts';
import { gatewayKey } from '../core/stores/config.ts';
import type { EvaluationParameters } from './contract/evaluations.ts';
import type { Call } from './endpoint.ts';
import { invalid } from './envelope.ts';
import { knownProviderId } from './known-provider.ts';

type JudgeBody = NonNullable<EvaluationParameters['model_judge']>;

/** Where each provider is asked for a chat, and in which format. Others can be judges when the body names both. */
const CHATS: Readonly<Record<string, readonly [path: string, format: JudgeFormat]>> = {
  anthropic: ['v1/messages', 'anthropic'],
  baseten: ['v1/chat/completions', 'openai'],
  cerebras: ['chat/completions', 'openai'],
  deepseek: ['chat/completions', 'openai'],
  fireworks: ['chat/completions', 'openai'],
  grok: ['v1/chat/completions', 'openai'],
  groq: ['chat/completions', 'openai'],
  mistral: ['v1/chat/completions', 'openai'],
  openai: ['chat/completions', 'openai'],
  openrouter: ['v1/chat/completions', 'openai'],
  'perplexity-ai': ['chat/completions', 'openai'],
  'workers-ai': ['v1/chat/completions', 'openai'],
};

/** The evaluators of a new evaluation, each with everything that it needs. */
export function lowerEvaluators(
  typeIds: readonly EvaluationTypeId[],
  parameters: EvaluationParameters,
  call: Call<unknown, unknown>,
): EvaluatorChoice[] {
  for (const id of Object.keys(parameters)) {
    if (!typeIds.includes(id as EvaluationTypeId))
      throw invalid(['body', 'parameters', id], 'is not among evaluation_type_ids');
  }
  return typeIds.map((typeId) => lowerOne(typeId, parameters, call));
}

function lowerOne(
  typeId: EvaluationTypeId,
  parameters: EvaluationParameters,
  call: Call<unknown, unknown>,
): EvaluatorChoice {
  if (typeId === 'cost' || typeId === 'speed' || typeId === 'human_feedback') return { typeId };
  if (typeId === 'exact_match') {
    const given = parameters.exact_match ?? missing(typeId);
    return {
      typeId,
      parameters: {
        expected: given.expected ?? null,
        metadataKey: given.expected_metadata ?? null,
        ignoreCase: given.ignore_case ?? false,
      },
    };
  }
  if (typeId === 'regex_match') {
    const given = parameters.regex_match ?? missing(typeId);
    return {
      typeId,
      parameters: { pattern: given.pattern, flags: given.flags ?? '', negate: given.negate ?? false },
    };
  }
  if (typeId === 'json_schema') {
    return { typeId, parameters: { schema: (parameters.json_schema ?? missing(typeId)).schema } };
  }
  return { typeId, parameters: lowerJudge(parameters.model_judge ?? missing(typeId), call) };
}

function missing(typeId: EvaluationTypeId): never {
  throw invalid(['body', 'parameters', typeId], 'is required for this type');
}

function lowerJudge(given: JudgeBody, call: Call<unknown, unknown>): ModelJudgeParameters {
  const { account, services, params } = call;
  const place = ['body', 'parameters', 'model_judge'];
  const gateway = given.gateway ?? params.gateway_id ?? '';
  const found = services.config.snapshot().gateways.get(gatewayKey(account, gateway));
  if (found === undefined || found.account !== account || found.id !== gateway)
    throw invalid([...place, 'gateway'], 'there is no such gateway');
  const provider = knownProviderId(services, account, given.provider);
  if (provider === null) throw invalid([...place, 'provider'], 'there is no such provider');
  const [path, format] = chatOf(provider, given.model);
  if ((given.path ?? path) === null) throw invalid([...place, 'path'], 'is required for this provider');
  if ((given.format ?? format) === null) throw invalid([...place, 'format'], 'is required for this provider');
  return {
    gateway,
    provider,
    model: given.model,
    path: (given.path ?? path!).replace(/^\/+/, ''),
    format: given.format ?? format!,
    instructions: given.instructions,
    passScore: given.pass_score ?? 0.5,
    maxCalls: given.max_calls ?? 500,
    maxCostNanos: Math.round((given.max_cost ?? 1) * 1e9),
  };
}

function chatOf(provider: string, model: string): readonly [string, JudgeFormat] | readonly [null, null] {
  if (provider === 'google-ai-studio')
    return [`v1beta/models/${encodeURIComponent(model)}:generateContent`, 'google'];
  if (provider.startsWith('custom-')) return ['v1/chat/completions', 'openai'];
  return CHATS[provider] ?? [null, null];
}

/** The parameters as they were given, with what they fall back to. */
export function raiseEvaluators(evaluators: readonly EvaluatorChoice[]): EvaluationParameters {
  const shown: EvaluationParameters = {};
  for (const choice of evaluators) {
    if (choice.typeId === 'exact_match') {
      const { expected, metadataKey, ignoreCase } = choice.parameters;
      shown.exact_match = {
        ...(expected !== null && { expected }),
        ...(metadataKey !== null && { expected_metadata: metadataKey }),
        ignore_case: ignoreCase,
      };
    } else if (choice.typeId === 'regex_match') shown.regex_match = { ...choice.parameters };
    else if (choice.typeId === 'json_schema')
      shown.json_schema = { schema: choice.parameters.schema as Record<string, unknown> | boolean };
    else if (choice.typeId === 'model_judge') {
      const { passScore, maxCalls, maxCostNanos, ...rest } = choice.parameters;
      shown.model_judge = {
        ...rest,
        pass_score: passScore,
        max_calls: maxCalls,
        max_cost: nanosToUsd(maxCostNanos),
      };
    }
  }
  return shown;
}
