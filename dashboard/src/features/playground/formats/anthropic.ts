import type { AnswerBuilder } from '../answer.ts';
import { type DraftMessage, parsedArguments } from '../draft.ts';
import { type Fields, fieldsOf, listOf, numberOrNull, textOf, textOrNull } from '../loose.ts';
import type { ChatFormat } from './format.ts';

/** The format requires a bound; this is the one where none is set. */
export const ANTHROPIC_MAX_TOKENS = 4096;

export const anthropicMessages: ChatFormat = {
  parameters: ['temperature', 'max_tokens', 'top_p', 'top_k', 'thinking', 'stop'],
  streams: true,
  headers: { 'anthropic-version': '2023-06-01' },
  write: ({ model, system, messages, tools, parameters, isStreamed }) => ({
    model,
    // What is thought counts as answered: without room for both there would be no answer.
    max_tokens: parameters.max_tokens ?? ANTHROPIC_MAX_TOKENS + (parameters.thinking ?? 0),
    ...(system.trim() !== '' && { system }),
    messages: joined(messages),
    ...(parameters.temperature !== undefined && { temperature: parameters.temperature }),
    ...(parameters.top_p !== undefined && { top_p: parameters.top_p }),
    ...(parameters.top_k !== undefined && { top_k: parameters.top_k }),
    ...(parameters.thinking && { thinking: { type: 'enabled', budget_tokens: parameters.thinking } }),
    ...(parameters.stop !== undefined && { stop_sequences: parameters.stop }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, schema }) => ({
        name,
        ...(description !== '' && { description }),
        input_schema: { type: 'object', ...schema },
      })),
    }),
    ...(isStreamed && { stream: true }),
  }),
  read,
};

interface WireMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly Fields[];
}

/** Results of tools are said by the user, and all of one turn in one message. */
function joined(messages: readonly DraftMessage[]): WireMessage[] {
  const found: WireMessage[] = [];
  let isAfterResult = false;
  for (const message of messages) {
    const blocks = blocksOf(message);
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = found.at(-1);
    if (isAfterResult && role === 'user' && last !== undefined)
      found[found.length - 1] = { role, content: [...(last.content as readonly Fields[]), ...blocks] };
    else {
      const [only] = blocks;
      const isPlain = blocks.length === 1 && only?.type === 'text';
      found.push({ role, content: isPlain ? message.text : blocks });
    }
    isAfterResult = message.role === 'tool';
  }
  return found;
}

function blocksOf({ role, text, images, calls, callId, thoughts }: DraftMessage): Fields[] {
  if (role === 'tool') return [{ type: 'tool_result', tool_use_id: callId ?? '', content: text }];
  return [
    ...thoughts.map((thought) => ({
      type: 'thinking',
      thinking: thought.text,
      signature: thought.signature,
    })),
    ...images.map(({ mediaType, data }) => ({
      type: 'image',
      source: { type: 'base64', media_type: mediaType, data },
    })),
    // An empty block of text is refused.
    ...(text.trim() === '' ? [] : [{ type: 'text', text }]),
    ...calls.map((call) => ({
      type: 'tool_use',
      id: call.id,
      name: call.name,
      input: inputOf(parsedArguments(call)),
    })),
  ];
}

const inputOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };

function read(answer: AnswerBuilder, value: Fields): void {
  switch (value.type) {
    case 'message_start':
      readMessage(answer, fieldsOf(value.message));
      return;
    case 'content_block_start':
      readBlock(answer, fieldsOf(value.content_block), String(value.index), true);
      return;
    case 'content_block_delta':
      readDelta(answer, fieldsOf(value.delta), String(value.index));
      return;
    case 'message_delta':
      answer.finish(textOrNull(fieldsOf(value.delta).stop_reason));
      readUsage(answer, fieldsOf(value.usage));
      return;
    case 'error':
      answer.fail(textOf(fieldsOf(value.error).message) || JSON.stringify(value.error));
      return;
    case 'message':
      readMessage(answer, value);
  }
}

function readMessage(answer: AnswerBuilder, message: Fields): void {
  answer.model(textOrNull(message.model));
  for (const [index, block] of listOf(message.content).entries())
    readBlock(answer, fieldsOf(block), String(index), false);
  answer.finish(textOrNull(message.stop_reason));
  readUsage(answer, fieldsOf(message.usage));
}

function readBlock(answer: AnswerBuilder, block: Fields, key: string, isBeginning: boolean): void {
  if (block.type === 'text') answer.text('text', textOf(block.text));
  else if (block.type === 'thinking')
    answer.text('thinking', textOf(block.thinking), textOf(block.signature) || null);
  else if (block.type === 'tool_use')
    answer.call(key, {
      id: textOrNull(block.id),
      name: textOrNull(block.name),
      // A stream begins with an empty object and sends the real one in pieces.
      argumentsText: isBeginning ? '' : JSON.stringify(block.input ?? {}),
    });
}

function readDelta(answer: AnswerBuilder, delta: Fields, key: string): void {
  if (delta.type === 'text_delta') answer.text('text', textOf(delta.text));
  else if (delta.type === 'thinking_delta') answer.text('thinking', textOf(delta.thinking));
  else if (delta.type === 'signature_delta') answer.text('thinking', '', textOf(delta.signature) || null);
  else if (delta.type === 'input_json_delta') answer.call(key, { argumentsText: textOf(delta.partial_json) });
}

/** What came from and went into the prompt cache is counted apart. */
function readUsage(answer: AnswerBuilder, usage: Fields): void {
  const fresh = numberOrNull(usage.input_tokens);
  const cached =
    (numberOrNull(usage.cache_read_input_tokens) ?? 0) +
    (numberOrNull(usage.cache_creation_input_tokens) ?? 0);
  answer.usage(fresh === null ? null : fresh + cached, numberOrNull(usage.output_tokens));
}
