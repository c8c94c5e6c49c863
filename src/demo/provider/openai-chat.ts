import {
  type Answer,
  DONE_FRAME,
  dataFrame,
  type Frame,
  jsonAnswer,
  ProviderFailure,
  streamAnswer,
} from './answer.ts';
import { compose, type Plan } from './compose.ts';
import { listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import { openaiHeaders } from './openai-error.ts';
import { chatParts, chatPrompt, promptTokens } from './openai-prompt.ts';
import { bareModel, isKnownModel, jsonBody, type ProviderRequest } from './provider-request.ts';

export const NOT_JSON =
  'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)';

const FINISH = { stop: 'stop', length: 'length', tools: 'tool_calls', refusal: 'content_filter' } as const;

export function requireModel(request: ProviderRequest, body: unknown): string {
  const model = textAt(body, 'model');
  if (model === null || model === '') throw new ProviderFailure(400, 'you must provide a model parameter');
  const bare = bareModel(model);
  if (!isKnownModel(request, bare)) {
    throw new ProviderFailure(404, `The model \`${bare}\` does not exist or you do not have access to it.`, {
      code: 'model_not_found',
    });
  }
  return bare;
}

export function answerChat(request: ProviderRequest): Answer {
  const body = jsonBody(request, NOT_JSON);
  const model = requireModel(request, body);
  if (listAt(body, 'messages').length === 0) {
    throw new ProviderFailure(400, "Missing required parameter: 'messages'.", {
      code: 'missing_required_parameter',
      param: 'messages',
    });
  }
  const parts = chatParts(body);
  const cachedTokens = request.promptCache.automatic(`${request.principal}\n${model}`, parts);
  const prompt = chatPrompt(body);
  const choiceCount = Math.min(8, Math.max(1, numberAt(body, 'n') ?? 1));
  const plans = Array.from({ length: choiceCount }, () => compose(prompt, request.dice, request.fault));
  const usage = chatUsage(promptTokens(parts), cachedTokens, plans);
  const base = {
    id: `chatcmpl-${request.idDice.letters(29)}`,
    created: Math.floor(request.nowMs / 1000),
    model,
    service_tier: 'default',
    system_fingerprint: 'fp_5c1dec0000',
  };
  const headers = openaiHeaders(request);
  if (body.stream === true) {
    const options = objectAt(body, 'stream_options');
    return streamAnswer(
      chatFrames(
        request,
        base,
        plans,
        usage,
        options.include_usage === true,
        options.include_obfuscation !== false,
      ),
      headers,
    );
  }
  const choices = plans.map((plan, index) => ({
    index,
    message: chatMessage(request, plan),
    logprobs: null,
    finish_reason: FINISH[plan.finish],
  }));
  const tokens = plans.reduce((sum, plan) => sum + plan.outputTokens, 0);
  return jsonAnswer({ object: 'chat.completion', ...base, choices, usage }, headers, 200, tokens);
}

function chatMessage(request: ProviderRequest, plan: Plan): Record<string, unknown> {
  const message: Record<string, unknown> = {
    role: 'assistant',
    content: plan.calls.length > 0 ? null : plan.text.join(''),
    refusal: null,
    annotations: [],
  };
  if (plan.calls.length > 0) {
    message.tool_calls = plan.calls.map((call) => ({
      id: `call_${request.idDice.letters(24)}`,
      type: 'function',
      function: { name: call.name, arguments: call.pieces.join('') },
    }));
  }
  return message;
}

export function chatUsage(
  inputTokens: number,
  cachedTokens: number,
  plans: readonly Plan[],
): Record<string, unknown> {
  const outputTokens = plans.reduce((sum, plan) => sum + plan.outputTokens, 0);
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: plans.reduce((sum, plan) => sum + plan.thoughts.length, 0),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** OpenAI pads its events, so that their length does not tell the token in them. */
export function padding(request: ProviderRequest, text: string): string {
  return request.dice.letters(Math.max(1, 16 - (text.length % 16)));
}

function chatFrames(
  request: ProviderRequest,
  base: Readonly<Record<string, unknown>>,
  plans: readonly Plan[],
  usage: Readonly<Record<string, unknown>>,
  includeUsage: boolean,
  obfuscate: boolean,
): Frame[] {
  const frames: Frame[] = [];
  const chunk = (index: number, delta: object, finish: string | null, content: string | null): void => {
    frames.push(
      dataFrame(
        {
          object: 'chat.completion.chunk',
          ...base,
          choices: [{ index, delta, logprobs: null, finish_reason: finish }],
          ...(includeUsage ? { usage: null } : {}),
          ...(obfuscate ? { obfuscation: padding(request, content ?? '') } : {}),
        },
        content !== null,
      ),
    );
  };
  plans.forEach((plan, index) => {
    const opening = plan.calls.length > 0 ? null : '';
    chunk(index, { role: 'assistant', content: opening, refusal: null }, null, null);
    for (const piece of plan.text) chunk(index, { content: piece }, null, piece);
    plan.calls.forEach((call, position) => {
      const id = `call_${request.idDice.letters(24)}`;
      const opened = { index: position, id, type: 'function', function: { name: call.name, arguments: '' } };
      chunk(index, { tool_calls: [opened] }, null, '');
      for (const piece of call.pieces) {
        chunk(index, { tool_calls: [{ index: position, function: { arguments: piece } }] }, null, piece);
      }
    });
    chunk(index, {}, FINISH[plan.finish], null);
  });
  if (includeUsage) {
    frames.push(dataFrame({ object: 'chat.completion.chunk', ...base, choices: [], usage }));
  }
  frames.push(DONE_FRAME);
  return frames;
}
