import type { Part } from '../../core/conversation.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';
import { firstOf, MOST_PARTS, nameOf, parametersOf } from './loose-body.ts';
import { mediaPart, otherPart, textPart } from './parts.ts';
import type { RequestReading } from './reading.ts';

/** Where the different APIs for completions, embeddings, images, speech, ranking … have what is asked. */
const ASKED = [
  'prompt',
  'input',
  'inputs',
  'inputText',
  'query',
  'text',
  'texts',
  'transcript',
  'message',
] as const;
const BESIDE = ['documents', 'images', 'image', 'file'] as const;

/** Requests that are no conversation: one thing is asked, in one message. */
export function readSimpleRequest(body: Fields): RequestReading {
  const asked = ASKED.find((name) => body[name] !== undefined && body[name] !== null);
  const inner = asked === undefined ? null : fieldsOf(body[asked]);
  // Replicate and its kind put everything into `input`.
  if (inner !== null && ASKED.some((name) => inner[name] !== undefined)) {
    const reading = readSimpleRequest(inner);
    return { ...reading, model: nameOf(body.model) ?? nameOf(body.version) };
  }
  const beside = BESIDE.filter((name) => body[name] !== undefined);
  const parts = [
    ...(asked === undefined ? [] : readValue(body[asked])),
    ...beside.flatMap((name) => readBeside(name, body[name])),
  ];
  const system = textPart(body.instructions ?? body.system_prompt ?? body.system);
  return {
    dialect: 'simple',
    model: nameOf(body.model),
    system,
    messages: parts.length === 0 ? [] : [{ role: 'user', parts }],
    omittedMessages: 0,
    tools: [],
    parameters: parametersOf(body, [
      'model',
      ...(asked === undefined ? [] : [asked]),
      ...beside,
      ...(system.length === 0 ? [] : ['instructions', 'system_prompt', 'system']),
    ]),
  };
}

function readValue(value: unknown): Part[] {
  if (typeof value === 'string') return textPart(value);
  if (!Array.isArray(value)) return [otherPart(value)];
  // Lists of token numbers are texts that nobody can read.
  if (value.every((item) => typeof item === 'number')) return [otherPart(value.slice(0, 100))];
  return firstOf(value, MOST_PARTS).flatMap((item) =>
    typeof item === 'string' ? textPart(item) : [otherPart(item)],
  );
}

function readBeside(name: string, value: unknown): Part[] {
  if (name === 'documents') return readValue(value);
  const items = Array.isArray(value) ? firstOf(value, MOST_PARTS) : [value];
  return items.map((item) =>
    typeof item === 'string' ? mediaPart(name === 'file' ? 'file' : 'image', item, null) : otherPart(item),
  );
}
