import type { AnswerBuilder } from '../answer.ts';
import { type Fields, fieldsOf, numberOrNull, textOf, textOrNull } from '../loose.ts';
import type { ChatFormat } from './format.ts';
import { openaiMessage, openaiTools } from './openai.ts';

/** Version 2 of the chat, whose messages look like OpenAI's and whose answers do not. */
export const cohereChat: ChatFormat = {
  parameters: ['temperature', 'max_tokens', 'top_p', 'top_k', 'seed', 'stop'],
  streams: true,
  headers: {},
  write: ({ model, system, messages, tools, parameters, isStreamed }) => ({
    model,
    messages: [
      ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
      ...messages.map(cohereMessage),
    ],
    ...(parameters.temperature !== undefined && { temperature: parameters.temperature }),
    ...(parameters.max_tokens !== undefined && { max_tokens: parameters.max_tokens }),
    ...(parameters.top_p !== undefined && { p: parameters.top_p }),
    ...(parameters.top_k !== undefined && { k: parameters.top_k }),
    ...(parameters.seed !== undefined && { seed: parameters.seed }),
    ...(parameters.stop !== undefined && { stop_sequences: parameters.stop }),
    ...(tools.length > 0 && { tools: openaiTools(tools) }),
    ...(isStreamed && { stream: true }),
  }),
  read,
};

/** A message of calls alone has no content: null is refused. */
function cohereMessage(message: Parameters<typeof openaiMessage>[0]): Record<string, unknown> {
  const { content, ...rest } = openaiMessage(message);
  return content === null ? rest : { ...rest, content };
}

function read(answer: AnswerBuilder, value: Fields): void {
  const delta = fieldsOf(value.delta);
  const message = fieldsOf(value.message ?? delta.message);
  answer.text('thinking', textOf(message.tool_plan));
  for (const item of Array.isArray(message.content) ? message.content : [message.content]) {
    const part = fieldsOf(item);
    answer.text('thinking', textOf(part.thinking));
    answer.text('text', textOf(part.text));
  }
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [message.tool_calls];
  for (const [position, item] of calls.entries()) {
    if (item === undefined) continue;
    const call = fieldsOf(item);
    const made = fieldsOf(call.function);
    answer.call(String(value.index ?? position), {
      id: textOrNull(call.id),
      name: textOrNull(made.name),
      argumentsText: textOf(made.arguments),
    });
  }
  answer.finish(textOrNull(value.finish_reason ?? delta.finish_reason));
  const tokens = fieldsOf(fieldsOf(value.usage ?? delta.usage).tokens);
  answer.usage(numberOrNull(tokens.input_tokens), numberOrNull(tokens.output_tokens));
  const problem = value.error ?? delta.error;
  if (problem !== undefined) answer.fail(textOf(problem) || JSON.stringify(problem));
}
