import type { AnswerBuilder } from '../answer.ts';
import { type DraftMessage, parsedArguments } from '../draft.ts';
import { type Fields, fieldsOf, listOf, numberOrNull, textOf, textOrNull } from '../loose.ts';
import type { ChatFormat } from './format.ts';

/** Converse. Its streams are binary, with checksums: the page asks for whole answers. */
export const bedrockConverse: ChatFormat = {
  parameters: ['temperature', 'max_tokens', 'top_p', 'stop'],
  streams: false,
  headers: {},
  write: ({ system, messages, tools, parameters }) => {
    const inferenceConfig = {
      ...(parameters.max_tokens !== undefined && { maxTokens: parameters.max_tokens }),
      ...(parameters.temperature !== undefined && { temperature: parameters.temperature }),
      ...(parameters.top_p !== undefined && { topP: parameters.top_p }),
      ...(parameters.stop !== undefined && { stopSequences: parameters.stop }),
    };
    return {
      ...(system.trim() !== '' && { system: [{ text: system }] }),
      messages: joined(messages),
      ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
      ...(tools.length > 0 && {
        toolConfig: {
          tools: tools.map(({ name, description, schema }) => ({
            toolSpec: { name, ...(description !== '' && { description }), inputSchema: { json: schema } },
          })),
        },
      }),
    };
  },
  read: (answer: AnswerBuilder, value: Fields): void => {
    const message = fieldsOf(fieldsOf(value.output).message);
    for (const [index, item] of listOf(message.content).entries()) {
      const block = fieldsOf(item);
      answer.text('thinking', textOf(fieldsOf(fieldsOf(block.reasoningContent).reasoningText).text));
      answer.text('text', textOf(block.text));
      const call = fieldsOf(block.toolUse);
      if (block.toolUse !== undefined)
        answer.call(String(index), {
          id: textOrNull(call.toolUseId),
          name: textOrNull(call.name),
          argumentsText: JSON.stringify(call.input ?? {}),
        });
    }
    answer.finish(textOrNull(value.stopReason));
    const usage = fieldsOf(value.usage);
    answer.usage(numberOrNull(usage.inputTokens), numberOrNull(usage.outputTokens));
  },
};

interface WireMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Fields[];
}

/** Turns alternate: what one side says in several messages is one. */
function joined(messages: readonly DraftMessage[]): WireMessage[] {
  const found: WireMessage[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = found.at(-1);
    if (last?.role === role)
      found[found.length - 1] = { role, content: [...last.content, ...blocksOf(message)] };
    else found.push({ role, content: blocksOf(message) });
  }
  return found;
}

function blocksOf({ role, text, images, calls, callId }: DraftMessage): Fields[] {
  if (role === 'tool') return [{ toolResult: { toolUseId: callId ?? '', content: [{ text }] } }];
  return [
    ...(text.trim() === '' ? [] : [{ text }]),
    ...images.map(({ mediaType, data }) => ({
      image: { format: mediaType.replace(/^image\//, ''), source: { bytes: data } },
    })),
    ...calls.map((call) => ({
      toolUse: { toolUseId: call.id, name: call.name, input: fieldsOf(parsedArguments(call)) },
    })),
  ];
}
