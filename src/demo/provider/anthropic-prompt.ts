import type { Prompt, Tool } from './compose.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import { contentText, countImages, readStop } from './openai-prompt.ts';
import type { PromptPart } from './prompt-cache.ts';
import { countTokens, IMAGE_TOKENS } from './tokens.ts';

function breakpointOf(block: unknown): '5m' | '1h' | null {
  if (!isObject(block) || !isObject(block.cache_control)) return null;
  return block.cache_control.ttl === '1h' ? '1h' : '5m';
}

function blockTokens(block: unknown): number {
  const type = textAt(block, 'type');
  if (type === 'image' || type === 'document') return IMAGE_TOKENS;
  if (type === 'tool_result') {
    const content = isObject(block) ? block.content : '';
    return 3 + countTokens(contentText(content)) + countImages(content) * IMAGE_TOKENS;
  }
  const text = textAt(block, 'text');
  if (text !== null) return countTokens(text);
  return countTokens(JSON.stringify(block));
}

/** The mark is not part of what is cached: moving it along a conversation must not change the prefix. */
function withoutMark(block: unknown): string {
  return JSON.stringify(block, (key, value: unknown) => (key === 'cache_control' ? undefined : value));
}

function blocks(content: unknown): readonly unknown[] {
  return typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : Array.isArray(content)
      ? content
      : [];
}

/** Tools, system, then the blocks of each message, in the order in which Anthropic caches them. */
export function messageParts(body: JsonObject): PromptPart[] {
  const parts: PromptPart[] = [];
  const add = (block: unknown, place: string, tokens: number): void => {
    parts.push({ text: `${place}:${withoutMark(block)}`, tokens, breakpoint: breakpointOf(block) });
  };
  for (const tool of listAt(body, 'tools')) add(tool, 'tool', countTokens(withoutMark(tool)));
  for (const block of blocks(body.system)) add(block, 'system', blockTokens(block));
  for (const message of listAt(body, 'messages')) {
    const role = textAt(message, 'role') ?? '';
    blocks(isObject(message) ? message.content : '').forEach((block, index) => {
      add(block, role, blockTokens(block) + (index === 0 ? 3 : 0));
    });
  }
  const last = parts.at(-1);
  // A mark on the request itself stands for one on its last block.
  if (last && isObject(body.cache_control))
    parts[parts.length - 1] = { ...last, breakpoint: breakpointOf(body) };
  return parts;
}

export function messagePrompt(body: JsonObject): Prompt {
  const messages = listAt(body, 'messages');
  const last = messages.at(-1);
  const lastBlocks = blocks(isObject(last) ? last.content : '');
  const results = lastBlocks
    .filter((block) => textAt(block, 'type') === 'tool_result')
    .map((block) => contentText(isObject(block) ? block.content : ''));
  const lastUser = messages.findLast(
    (message) =>
      textAt(message, 'role') === 'user' &&
      contentText(blocks(isObject(message) ? message.content : '')) !== '',
  );
  const userBlocks = blocks(isObject(lastUser) ? lastUser.content : '');
  const choice = objectAt(body, 'tool_choice');
  const choiceName = textAt(choice, 'name');
  const thinking = objectAt(body, 'thinking');
  const format = objectAt(objectAt(body, 'output_config'), 'format');
  const formatOld = objectAt(body, 'output_format');
  const schema = format.type === 'json_schema' ? format.schema : formatOld.schema;
  return {
    text: contentText(userBlocks),
    toolResults: results,
    imageCount: countImages(userBlocks),
    tools: listAt(body, 'tools').flatMap((tool): Tool[] => {
      const name = textAt(tool, 'name');
      return name === null ? [] : [{ name, schema: objectAt(tool, 'input_schema') }];
    }),
    toolChoice:
      choice.type === 'any'
        ? 'required'
        : choice.type === 'none'
          ? 'none'
          : choiceName !== null
            ? { name: choiceName }
            : 'auto',
    parallelTools: choice.disable_parallel_tool_use !== true,
    schema: isObject(schema) ? schema : null,
    maxTokens: numberAt(body, 'max_tokens'),
    stop: readStop(body.stop_sequences),
    thinkingTokens:
      thinking.type === 'enabled' || thinking.type === 'adaptive'
        ? Math.min(24, numberAt(thinking, 'budget_tokens') ?? 24)
        : 0,
  };
}
