import type { AnswerBuilder } from '../answer.ts';
import { type DraftMessage, parsedArguments, toolNameOf } from '../draft.ts';
import { type Fields, fieldsOf, listOf, numberOrNull, parsedJson, textOf, textOrNull } from '../loose.ts';
import type { ChatFormat } from './format.ts';

export const googleGenerate: ChatFormat = {
  parameters: ['temperature', 'max_tokens', 'top_p', 'top_k', 'seed', 'thinking', 'stop'],
  streams: true,
  headers: {},
  // The model and whether it streams stand in the address.
  write: ({ system, messages, tools, parameters }) => {
    const generationConfig = {
      ...(parameters.temperature !== undefined && { temperature: parameters.temperature }),
      ...(parameters.max_tokens !== undefined && { maxOutputTokens: parameters.max_tokens }),
      ...(parameters.top_p !== undefined && { topP: parameters.top_p }),
      ...(parameters.top_k !== undefined && { topK: parameters.top_k }),
      ...(parameters.seed !== undefined && { seed: parameters.seed }),
      ...(parameters.stop !== undefined && { stopSequences: parameters.stop }),
      ...(parameters.thinking !== undefined && {
        thinkingConfig: { thinkingBudget: parameters.thinking, includeThoughts: parameters.thinking > 0 },
      }),
    };
    return {
      ...(system.trim() !== '' && { systemInstruction: { parts: [{ text: system }] } }),
      contents: contentsOf(messages),
      ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
      ...(tools.length > 0 && {
        tools: [
          {
            functionDeclarations: tools.map(({ name, description, schema }) => ({
              name,
              description,
              parametersJsonSchema: schema,
            })),
          },
        ],
      }),
    };
  },
  read,
};

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: readonly Fields[];
}

/** Results that follow each other belong to one turn. */
function contentsOf(messages: readonly DraftMessage[]): Content[] {
  const found: Content[] = [];
  let isAfterResult = false;
  for (const message of messages) {
    const parts = partsOf(message, messages);
    const last = found.at(-1);
    if (isAfterResult && message.role === 'tool' && last !== undefined)
      found[found.length - 1] = { role: 'user', parts: [...last.parts, ...parts] };
    else found.push({ role: message.role === 'assistant' ? 'model' : 'user', parts });
    isAfterResult = message.role === 'tool';
  }
  return found;
}

function partsOf(
  { role, text, images, calls, callId }: DraftMessage,
  messages: readonly DraftMessage[],
): Fields[] {
  if (role === 'tool') {
    const value = parsedJson(text);
    const response =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { result: text };
    return [{ functionResponse: { name: toolNameOf(messages, callId) || (callId ?? ''), response } }];
  }
  return [
    ...(text === '' ? [] : [{ text }]),
    ...images.map(({ mediaType, data }) => ({ inlineData: { mimeType: mediaType, data } })),
    ...calls.map((call) => ({
      functionCall: { name: call.name, args: fieldsOf(parsedArguments(call)) },
      ...(call.signature !== null && { thoughtSignature: call.signature }),
    })),
  ];
}

function read(answer: AnswerBuilder, value: Fields): void {
  answer.model(textOrNull(value.modelVersion));
  const candidate = fieldsOf(listOf(value.candidates)[0]);
  for (const item of listOf(fieldsOf(candidate.content).parts)) readPart(answer, fieldsOf(item));
  answer.finish(textOrNull(candidate.finishReason));
  const blocked = textOf(fieldsOf(value.promptFeedback).blockReason);
  if (blocked !== '') {
    answer.text('refusal', blocked);
    answer.finish(blocked);
  }
  const usage = fieldsOf(value.usageMetadata);
  const answered = numberOrNull(usage.candidatesTokenCount);
  const thought = numberOrNull(usage.thoughtsTokenCount);
  answer.usage(
    numberOrNull(usage.promptTokenCount),
    answered === null && thought === null ? null : (answered ?? 0) + (thought ?? 0),
  );
  if (value.error) answer.fail(textOf(fieldsOf(value.error).message) || JSON.stringify(value.error));
}

let calls = 0;

function readPart(answer: AnswerBuilder, part: Fields): void {
  const signature = textOrNull(part.thoughtSignature);
  if (typeof part.text === 'string') answer.text(part.thought === true ? 'thinking' : 'text', part.text);
  const image = fieldsOf(part.inlineData);
  if (typeof image.data === 'string') answer.image(textOf(image.mimeType), image.data);
  if (part.functionCall === undefined) return;
  const call = fieldsOf(part.functionCall);
  // Calls come whole and mostly without an id; a result has to find the one it belongs to.
  calls += 1;
  const id = textOf(call.id) || `call_${calls}`;
  answer.call(id, {
    id,
    name: textOrNull(call.name),
    argumentsText: JSON.stringify(call.args ?? {}),
    signature,
  });
}
