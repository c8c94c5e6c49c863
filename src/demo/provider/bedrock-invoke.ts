import { type Answer, type Frame, jsonAnswer, ProviderFailure } from './answer.ts';
import { composeMessage, messageEvents } from './anthropic-messages.ts';
import { converse, converseEvents } from './bedrock-converse.ts';
import { compose, textPrompt } from './compose.ts';
import { encodeEvent } from './event-stream.ts';
import { type JsonObject, numberAt, textAt } from './loose-json.ts';
import { embed } from './openai-embeddings.ts';
import type { ProviderRequest } from './provider-request.ts';
import { countTokens } from './tokens.ts';

interface Invocation {
  readonly whole: object;
  readonly events: readonly { readonly data: object; readonly content: boolean }[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** Each maker's models have a body of their own behind the same path. */
export function invoke(request: ProviderRequest, body: JsonObject, model: string): Invocation {
  if (/anthropic\./.test(model)) return invokeAnthropic(request, body, model);
  if (/amazon\.nova/.test(model)) return invokeNova(request, body, model);
  if (/embed/.test(model)) return invokeEmbedding(body, model);
  return invokeLlama(request, body);
}

function invokeAnthropic(request: ProviderRequest, body: JsonObject, model: string): Invocation {
  if (textAt(body, 'anthropic_version') === null) {
    throw new ProviderFailure(400, 'anthropic_version: Field required');
  }
  if (numberAt(body, 'max_tokens') === null) throw new ProviderFailure(400, 'max_tokens: Field required');
  const message = composeMessage(request, body, model.replace(/^.*anthropic\./, ''));
  const { usage } = message;
  return {
    whole: message.whole,
    events: messageEvents(message).filter((event) => event.data.type !== 'ping'),
    inputTokens: numberAt(usage, 'input_tokens') ?? 0,
    outputTokens: numberAt(usage, 'output_tokens') ?? 0,
    cacheReadTokens: numberAt(usage, 'cache_read_input_tokens') ?? 0,
    cacheWriteTokens: numberAt(usage, 'cache_creation_input_tokens') ?? 0,
  };
}

function invokeNova(request: ProviderRequest, body: JsonObject, model: string): Invocation {
  const conversation = converse(request, body, model);
  const { inputTokens, outputTokens, totalTokens, cacheReadInputTokens, cacheWriteInputTokens } =
    conversation.usage;
  const usage = {
    inputTokens,
    outputTokens,
    totalTokens,
    cacheReadInputTokenCount: cacheReadInputTokens,
    cacheWriteInputTokenCount: cacheWriteInputTokens,
  };
  const message = { content: conversation.content, role: 'assistant' };
  return {
    whole: { output: { message }, stopReason: conversation.stopReason, usage },
    events: converseEvents(conversation).map((event) => ({
      data: { [event.type]: event.type === 'metadata' ? { usage, metrics: {} } : event.data },
      content: event.content,
    })),
    inputTokens: Number(inputTokens),
    outputTokens: Number(outputTokens),
  };
}

function invokeEmbedding(body: JsonObject, model: string): Invocation {
  const text = textAt(body, 'inputText');
  if (text === null)
    throw new ProviderFailure(400, 'Malformed input request: #: required key [inputText] not found');
  const embedding = embed(model, text, Math.min(1536, Math.max(1, numberAt(body, 'dimensions') ?? 1024)));
  const inputTokens = countTokens(text);
  const whole = { embedding, embeddingsByType: { float: embedding }, inputTextTokenCount: inputTokens };
  return { whole, events: [], inputTokens, outputTokens: 0 };
}

function invokeLlama(request: ProviderRequest, body: JsonObject): Invocation {
  const prompt = textAt(body, 'prompt');
  if (prompt === null)
    throw new ProviderFailure(400, 'Malformed input request: #: required key [prompt] not found');
  const plan = compose(
    textPrompt(prompt, { maxTokens: numberAt(body, 'max_gen_len') }),
    request.dice,
    request.fault,
  );
  const inputTokens = countTokens(prompt);
  const stop = plan.finish === 'length' ? 'length' : 'stop';
  const piece = (generation: string, at: number, reason: string | null): object => ({
    generation,
    prompt_token_count: at <= 1 ? inputTokens : null,
    generation_token_count: at,
    stop_reason: reason,
  });
  return {
    whole: piece(plan.text.join(''), plan.outputTokens, stop),
    events: [
      ...plan.text.map((text, index) => ({ data: piece(text, index + 1, null), content: true })),
      { data: piece('', plan.outputTokens, stop), content: false },
    ],
    inputTokens,
    outputTokens: plan.outputTokens,
  };
}

export function invokeAnswer(invocation: Invocation, headers: Readonly<Record<string, string>>): Answer {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = invocation;
  const counted: Record<string, string> = {
    ...headers,
    'x-amzn-bedrock-invocation-latency': String(20 * outputTokens),
    'x-amzn-bedrock-input-token-count': String(inputTokens),
    'x-amzn-bedrock-output-token-count': String(outputTokens),
  };
  if (cacheReadTokens !== undefined) {
    counted['x-amzn-bedrock-cache-read-input-token-count'] = String(cacheReadTokens);
    counted['x-amzn-bedrock-cache-write-input-token-count'] = String(cacheWriteTokens);
  }
  return jsonAnswer(invocation.whole, counted, 200, outputTokens);
}

/** The maker's own events in base64; the last one carries the counts. */
export function invokeFrames(request: ProviderRequest, invocation: Invocation): Frame[] {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = invocation;
  return invocation.events.map((event, index) => {
    const isLast = index === invocation.events.length - 1;
    const metrics = {
      inputTokenCount: inputTokens,
      outputTokenCount: outputTokens,
      invocationLatency: 20 * outputTokens,
      firstByteLatency: 20,
      ...(cacheReadTokens === undefined
        ? {}
        : { cacheReadInputTokenCount: cacheReadTokens, cacheWriteInputTokenCount: cacheWriteTokens }),
    };
    const data = isLast ? { ...event.data, 'amazon-bedrock-invocationMetrics': metrics } : event.data;
    const bytes = Buffer.from(JSON.stringify(data)).toString('base64');
    const p = request.dice.letters(1 + request.dice.below(20));
    return { bytes: encodeEvent('chunk', { bytes, p }), content: event.content };
  });
}
