import { type Answer, type Frame, jsonAnswer, ProviderFailure, streamAnswer, typedFrame } from './answer.ts';
import { anthropicHeaders } from './anthropic-error.ts';
import { messageParts, messagePrompt } from './anthropic-prompt.ts';
import { compose, type Plan } from './compose.ts';
import { type JsonObject, listAt, numberAt, textAt } from './loose-json.ts';
import type { CacheUse, PromptPart } from './prompt-cache.ts';
import { bareModel, isKnownModel, jsonBody, type ProviderRequest } from './provider-request.ts';

const FINISH = { stop: 'end_turn', length: 'max_tokens', tools: 'tool_use', refusal: 'refusal' } as const;

function readBody(request: ProviderRequest): { body: JsonObject; model: string } {
  const body = jsonBody(
    request,
    'The request body is not valid JSON: expected value at line 1 column 1 (char 0)',
  );
  const named = textAt(body, 'model');
  if (named === null) throw new ProviderFailure(400, 'model: Field required');
  if (!Array.isArray(body.messages)) throw new ProviderFailure(400, 'messages: Field required');
  if (listAt(body, 'messages').length === 0) {
    throw new ProviderFailure(400, 'messages: at least one message is required');
  }
  const model = bareModel(named);
  if (!isKnownModel(request, model)) throw new ProviderFailure(404, `model: ${model}`);
  return { body, model };
}

export function answerMessages(request: ProviderRequest): Answer {
  const { body, model } = readBody(request);
  const maxTokens = numberAt(body, 'max_tokens');
  if (maxTokens === null) throw new ProviderFailure(400, 'max_tokens: Field required');
  if (maxTokens < 1) throw new ProviderFailure(400, 'max_tokens: must be greater than or equal to 1');
  const message = composeMessage(request, body, model);
  const headers = anthropicHeaders(request);
  if (body.stream !== true) return jsonAnswer(message.whole, headers, 200, message.plan.outputTokens);
  return streamAnswer(messageFrames(message), headers);
}

export interface ComposedMessage {
  readonly plan: Plan;
  readonly whole: Record<string, unknown>;
  readonly content: readonly Record<string, unknown>[];
  readonly usage: Record<string, unknown>;
}

/** The message that both Anthropic's own API and Bedrock's invoke answer with. */
export function composeMessage(request: ProviderRequest, body: JsonObject, model: string): ComposedMessage {
  const parts = messageParts(body);
  const cache = request.promptCache.marked(`${request.principal}\n${model}`, parts);
  const plan = compose(messagePrompt(body), request.dice, request.fault);
  const content: Record<string, unknown>[] = [];
  if (plan.thoughts.length > 0) {
    content.push({
      type: 'thinking',
      thinking: plan.thoughts.join(''),
      signature: `Eo${request.idDice.letters(94)}==`,
    });
  }
  if (plan.text.length > 0) content.push({ type: 'text', text: plan.text.join('') });
  for (const call of plan.calls) {
    content.push({
      type: 'tool_use',
      id: `toolu_01${request.idDice.letters(22)}`,
      name: call.name,
      input: call.input,
    });
  }
  const usage = messageUsage(parts, cache, plan);
  const whole = {
    id: `msg_01${request.idDice.letters(22)}`,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: plan.stopSequence === null ? FINISH[plan.finish] : 'stop_sequence',
    stop_sequence: plan.stopSequence,
    stop_details: plan.finish === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
    usage,
  };
  return { plan, whole, content, usage };
}

/** `input_tokens` is only what was neither read from the cache nor written to it. */
function messageUsage(parts: readonly PromptPart[], cache: CacheUse, plan: Plan): Record<string, unknown> {
  const total = parts.reduce((sum, part) => sum + part.tokens, 3);
  const written = cache.write5mTokens + cache.write1hTokens;
  return {
    input_tokens: total - cache.readTokens - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cache.readTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: cache.write5mTokens,
      ephemeral_1h_input_tokens: cache.write1hTokens,
    },
    output_tokens: plan.outputTokens,
    ...(plan.thoughts.length > 0 ? { output_tokens_details: { thinking_tokens: plan.thoughts.length } } : {}),
    service_tier: 'standard',
    inference_geo: 'not_available',
  };
}

/** The events of a streamed message, as data with a type; the caller frames them. */
export function messageEvents(message: ComposedMessage): { data: { type: string }; content: boolean }[] {
  const { plan, whole, usage } = message;
  const events: { data: { type: string }; content: boolean }[] = [];
  const push = (type: string, fields: object, content = false): void => {
    events.push({ data: { type, ...fields }, content });
  };
  push('message_start', {
    message: {
      ...whole,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1, output_tokens_details: undefined },
    },
  });
  let callIndex = 0;
  message.content.forEach((block, index) => {
    const delta = (fields: object, content = true): void =>
      push('content_block_delta', { index, delta: fields }, content);
    const empty =
      block.type === 'thinking'
        ? { ...block, thinking: '', signature: '' }
        : block.type === 'text'
          ? { ...block, text: '' }
          : { ...block, input: {} };
    push('content_block_start', { index, content_block: empty });
    if (index === 0) push('ping', {});
    if (block.type === 'thinking') {
      for (const thinking of plan.thoughts) delta({ type: 'thinking_delta', thinking });
      delta({ type: 'signature_delta', signature: block.signature }, false);
    } else if (block.type === 'text') {
      for (const text of plan.text) delta({ type: 'text_delta', text });
    } else {
      delta({ type: 'input_json_delta', partial_json: '' }, false);
      for (const partial_json of plan.calls[callIndex++]!.pieces) {
        delta({ type: 'input_json_delta', partial_json });
      }
    }
    push('content_block_stop', { index });
  });
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = usage;
  push('message_delta', {
    delta: { stop_reason: whole.stop_reason, stop_sequence: whole.stop_sequence },
    usage: { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens },
  });
  push('message_stop', {});
  return events;
}

function messageFrames(message: ComposedMessage): Frame[] {
  return messageEvents(message).map((event) => typedFrame(event.data, event.content));
}

export function answerCountTokens(request: ProviderRequest): Answer {
  const { body } = readBody(request);
  const tokens = messageParts(body).reduce((sum, part) => sum + part.tokens, 3);
  return jsonAnswer({ input_tokens: tokens }, anthropicHeaders(request));
}
