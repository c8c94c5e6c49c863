import type { AnswerBuilder } from '../answer.ts';
import type { DraftMessage } from '../draft.ts';
import { type Fields, fieldsOf, listOf, numberOrNull, textOf, textOrNull } from '../loose.ts';
import type { ChatFormat, ChatRequest } from './format.ts';

/** Their newer models refuse the older name. */
const TAKES_COMPLETION_TOKENS = new Set(['openai', 'azure-openai']);
/** They report usage by themselves and refuse a field that they do not know. */
const WITHOUT_STREAM_OPTIONS = new Set(['mistral', 'perplexity-ai']);

/** Chat completions, which most providers speak. */
export const openaiChat: ChatFormat = {
  parameters: ['temperature', 'max_tokens', 'top_p', 'seed', 'effort', 'stop'],
  streams: true,
  headers: {},
  write: ({ provider, model, system, messages, tools, parameters, isStreamed }) => ({
    model,
    messages: [
      ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
      ...messages.map(openaiMessage),
    ],
    ...(parameters.temperature !== undefined && { temperature: parameters.temperature }),
    ...(parameters.max_tokens !== undefined && {
      [TAKES_COMPLETION_TOKENS.has(provider) ? 'max_completion_tokens' : 'max_tokens']: parameters.max_tokens,
    }),
    ...(parameters.top_p !== undefined && { top_p: parameters.top_p }),
    ...(parameters.seed !== undefined && {
      [provider === 'mistral' ? 'random_seed' : 'seed']: parameters.seed,
    }),
    ...(parameters.effort !== undefined && { reasoning_effort: parameters.effort }),
    ...(parameters.stop !== undefined && { stop: parameters.stop }),
    ...(tools.length > 0 && { tools: openaiTools(tools) }),
    ...(isStreamed && { stream: true }),
    ...(isStreamed && !WITHOUT_STREAM_OPTIONS.has(provider) && { stream_options: { include_usage: true } }),
  }),
  read,
};

export const openaiTools = (tools: ChatRequest['tools']) =>
  tools.map(({ name, description, schema }) => ({
    type: 'function',
    function: { name, ...(description !== '' && { description }), parameters: schema },
  }));

export function openaiMessage({ role, text, images, calls, callId }: DraftMessage): Record<string, unknown> {
  if (role === 'tool') return { role, tool_call_id: callId ?? '', content: text };
  const content =
    images.length === 0
      ? text
      : [
          ...(text === '' ? [] : [{ type: 'text', text }]),
          ...images.map(({ mediaType, data }) => ({
            type: 'image_url',
            image_url: { url: `data:${mediaType};base64,${data}` },
          })),
        ];
  if (calls.length === 0) return { role, content };
  return {
    role,
    content: text === '' ? null : content,
    tool_calls: calls.map(({ id, name, argumentsText }) => ({
      id,
      type: 'function',
      function: { name, arguments: argumentsText.trim() === '' ? '{}' : argumentsText },
    })),
  };
}

function read(answer: AnswerBuilder, value: Fields): void {
  answer.model(textOrNull(value.model));
  const choice = fieldsOf(listOf(value.choices).find((one) => (fieldsOf(one).index ?? 0) === 0));
  const message = fieldsOf(choice.delta ?? choice.message);
  // Providers that show what a model thought have two names for it.
  answer.text('thinking', textOf(message.reasoning_content) || textOf(message.reasoning));
  readContent(answer, message.content);
  answer.text('refusal', textOf(message.refusal));
  for (const [position, item] of listOf(message.tool_calls).entries()) {
    const call = fieldsOf(item);
    const made = fieldsOf(call.function);
    answer.call(String(call.index ?? position), {
      id: textOrNull(call.id),
      name: textOrNull(made.name),
      argumentsText:
        typeof made.arguments === 'object' ? JSON.stringify(made.arguments) : textOf(made.arguments),
    });
  }
  answer.finish(textOrNull(choice.finish_reason));
  const usage = fieldsOf(value.usage ?? fieldsOf(value.x_groq).usage);
  answer.usage(numberOrNull(usage.prompt_tokens), numberOrNull(usage.completion_tokens));
  if (value.error) answer.fail(textOf(fieldsOf(value.error).message) || JSON.stringify(value.error));
}

/** A text, or Mistral's list of texts and thoughts. */
function readContent(answer: AnswerBuilder, content: unknown): void {
  if (typeof content === 'string') answer.text('text', content);
  for (const item of listOf(content)) {
    const part = fieldsOf(item);
    if (part.type === 'thinking')
      for (const thought of listOf(part.thinking)) answer.text('thinking', textOf(fieldsOf(thought).text));
    else answer.text('text', textOf(part.text));
  }
}
