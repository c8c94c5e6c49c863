import type { Prompt, Tool } from './compose.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import type { PromptPart } from './prompt-cache.ts';
import { countTokens, IMAGE_TOKENS } from './tokens.ts';

/** Text of a message content that is a string or a list of parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (typeof part === 'string' ? part : (textAt(part, 'text') ?? ''))).join('');
}

export function countImages(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  return content.filter((part) => /image/.test(textAt(part, 'type') ?? '')).length;
}

/** 3 tokens for a message, its text, 85 for each image; tool calls count as their JSON. */
export function messageTokens(message: unknown): number {
  const content = isObject(message) ? message.content : undefined;
  const calls = listAt(message, 'tool_calls');
  return (
    3 +
    countTokens(contentText(content)) +
    countImages(content) * IMAGE_TOKENS +
    (calls.length > 0 ? countTokens(JSON.stringify(calls)) : 0)
  );
}

export function toolTokens(tools: readonly unknown[]): number {
  return tools.length === 0 ? 0 : countTokens(JSON.stringify(tools));
}

/** The parts whose prefixes the prompt cache knows: tools first, then each message. */
export function chatParts(body: JsonObject): PromptPart[] {
  const tools = listAt(body, 'tools');
  const parts: PromptPart[] = listAt(body, 'messages').map((message) => ({
    text: JSON.stringify(message),
    tokens: messageTokens(message),
  }));
  if (tools.length > 0) parts.unshift({ text: JSON.stringify(tools), tokens: toolTokens(tools) });
  return parts;
}

/** Every chat request costs 3 tokens more than its parts: the answer's opening. */
export function promptTokens(parts: readonly PromptPart[]): number {
  return parts.reduce((sum, part) => sum + part.tokens, 3);
}

export function chatPrompt(body: JsonObject): Prompt {
  const messages = listAt(body, 'messages');
  const lastUser = messages.findLast((message) => textAt(message, 'role') === 'user');
  const content = isObject(lastUser) ? lastUser.content : '';
  const results: string[] = [];
  for (let i = messages.length - 1; i >= 0 && textAt(messages[i], 'role') === 'tool'; i--) {
    const result = messages[i];
    results.unshift(contentText(isObject(result) ? result.content : ''));
  }
  return {
    text: contentText(content),
    toolResults: results,
    imageCount: countImages(content),
    tools: listAt(body, 'tools').flatMap((tool): Tool[] => {
      const name = textAt(objectAt(tool, 'function'), 'name');
      return name === null ? [] : [{ name, schema: objectAt(objectAt(tool, 'function'), 'parameters') }];
    }),
    toolChoice: readToolChoice(body.tool_choice),
    parallelTools: body.parallel_tool_calls !== false,
    schema: readFormat(objectAt(body, 'response_format')),
    maxTokens: numberAt(body, 'max_completion_tokens') ?? numberAt(body, 'max_tokens'),
    stop: readStop(body.stop),
    thinkingTokens: reasoningTokens(textAt(body, 'model') ?? '', textAt(body, 'reasoning_effort')),
  };
}

export function readToolChoice(choice: unknown): Prompt['toolChoice'] {
  if (choice === 'none') return 'none';
  if (choice === 'required' || choice === 'any') return 'required';
  const name = textAt(objectAt(choice, 'function'), 'name') ?? textAt(choice, 'name');
  return name === null ? 'auto' : { name };
}

export function readStop(stop: unknown): string[] {
  if (typeof stop === 'string') return [stop];
  return Array.isArray(stop) ? stop.filter((item) => typeof item === 'string') : [];
}

function readFormat(format: JsonObject): JsonObject | null {
  if (format.type === 'json_schema') return objectAt(objectAt(format, 'json_schema'), 'schema');
  return format.type === 'json_object'
    ? { type: 'object', properties: { answer: { type: 'string' } } }
    : null;
}

const EFFORT: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 0,
  low: 16,
  medium: 32,
  high: 64,
  xhigh: 96,
};

/** Reasoning models think without showing it; an effort may be asked of them. */
export function reasoningTokens(model: string, effort: string | null): number {
  if (effort !== null) return EFFORT[effort] ?? 32;
  return /^(o\d|gpt-5)/.test(model) && !/chat/.test(model) ? 32 : 0;
}
