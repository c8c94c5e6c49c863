import { type Frame, ProviderFailure } from './answer.ts';
import { compose, type Plan, type Prompt, type Tool } from './compose.ts';
import { encodeEvent } from './event-stream.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import { readStop } from './openai-prompt.ts';
import type { PromptPart } from './prompt-cache.ts';
import type { ProviderRequest } from './provider-request.ts';
import { countTokens, IMAGE_TOKENS } from './tokens.ts';

const FINISH = {
  stop: 'end_turn',
  length: 'max_tokens',
  tools: 'tool_use',
  refusal: 'guardrail_intervened',
} as const;

export interface Conversation {
  readonly plan: Plan;
  readonly content: readonly object[];
  readonly stopReason: string;
  readonly usage: Readonly<Record<string, unknown>>;
}

function blockTokens(block: unknown): number {
  const text = textAt(block, 'text');
  if (text !== null) return countTokens(text);
  if (isObject(block) && ('image' in block || 'document' in block)) return IMAGE_TOKENS;
  return countTokens(JSON.stringify(block));
}

/** A cache point is a block of its own; it marks the block before it. */
function converseParts(body: JsonObject): PromptPart[] {
  const parts: PromptPart[] = [];
  const add = (block: unknown, place: string, opening: number): void => {
    const last = parts.at(-1);
    if (isObject(block) && isObject(block.cachePoint)) {
      const breakpoint = block.cachePoint.ttl === '1h' ? '1h' : '5m';
      if (last) parts[parts.length - 1] = { ...last, breakpoint };
      return;
    }
    parts.push({ text: `${place}:${JSON.stringify(block)}`, tokens: blockTokens(block) + opening });
  };
  for (const tool of listAt(objectAt(body, 'toolConfig'), 'tools')) add(tool, 'tool', 0);
  for (const block of listAt(body, 'system')) add(block, 'system', 0);
  for (const message of listAt(body, 'messages')) {
    listAt(message, 'content').forEach((block, index) => {
      add(block, textAt(message, 'role') ?? '', index === 0 ? 3 : 0);
    });
  }
  return parts;
}

function texts(blocks: readonly unknown[]): string {
  return blocks.map((block) => textAt(block, 'text') ?? '').join('');
}

function conversePrompt(body: JsonObject): Prompt {
  const messages = listAt(body, 'messages');
  const lastUser = messages.findLast(
    (message) => textAt(message, 'role') === 'user' && texts(listAt(message, 'content')) !== '',
  );
  const content = listAt(lastUser, 'content');
  const config = objectAt(body, 'inferenceConfig');
  const choice = objectAt(objectAt(body, 'toolConfig'), 'toolChoice');
  const named = textAt(objectAt(choice, 'tool'), 'name');
  const thinking = objectAt(objectAt(body, 'additionalModelRequestFields'), 'thinking');
  return {
    text: texts(content),
    toolResults: listAt(messages.at(-1), 'content').flatMap((block) => {
      const result = objectAt(block, 'toolResult');
      if (Object.keys(result).length === 0) return [];
      const parts = listAt(result, 'content');
      return [parts.map((part) => textAt(part, 'text') ?? JSON.stringify(objectAt(part, 'json'))).join('')];
    }),
    imageCount: content.filter((block) => isObject(block) && 'image' in block).length,
    tools: listAt(objectAt(body, 'toolConfig'), 'tools').flatMap((tool): Tool[] => {
      const spec = objectAt(tool, 'toolSpec');
      const name = textAt(spec, 'name');
      return name === null ? [] : [{ name, schema: objectAt(objectAt(spec, 'inputSchema'), 'json') }];
    }),
    toolChoice: named !== null ? { name: named } : 'any' in choice ? 'required' : 'auto',
    parallelTools: true,
    schema: null,
    maxTokens: numberAt(config, 'maxTokens'),
    stop: readStop(config.stopSequences),
    thinkingTokens: thinking.type === 'enabled' || thinking.type === 'adaptive' ? 24 : 0,
  };
}

export function converse(request: ProviderRequest, body: JsonObject, model: string): Conversation {
  if (listAt(body, 'messages').length === 0) {
    throw new ProviderFailure(
      400,
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  const parts = converseParts(body);
  const cache = request.promptCache.marked(`${request.principal}\n${model}`, parts);
  const plan = compose(conversePrompt(body), request.dice, request.fault);
  const written = cache.write5mTokens + cache.write1hTokens;
  const total = parts.reduce((sum, part) => sum + part.tokens, 3);
  const cacheDetails = [
    { ttl: '5m', inputTokens: cache.write5mTokens },
    { ttl: '1h', inputTokens: cache.write1hTokens },
  ].filter((detail) => detail.inputTokens > 0);
  const usage = {
    inputTokens: total - cache.readTokens - written,
    outputTokens: plan.outputTokens,
    totalTokens: total + plan.outputTokens,
    cacheReadInputTokens: cache.readTokens,
    cacheWriteInputTokens: written,
    ...(written > 0 ? { cacheDetails } : {}),
  };
  const content: object[] = [];
  if (plan.thoughts.length > 0) {
    const signature = `Eo${request.idDice.letters(60)}`;
    content.push({ reasoningContent: { reasoningText: { text: plan.thoughts.join(''), signature } } });
  }
  if (plan.text.length > 0) content.push({ text: plan.text.join('') });
  for (const call of plan.calls) {
    const toolUseId = `tooluse_${request.idDice.letters(22)}`;
    content.push({ toolUse: { toolUseId, name: call.name, input: call.input } });
  }
  const stopReason = plan.stopSequence === null ? FINISH[plan.finish] : 'stop_sequence';
  return { plan, content, stopReason, usage };
}

export interface ConverseEvent {
  readonly type: string;
  readonly data: object;
  readonly content: boolean;
}

/** Text blocks have no start event; a tool's block has. */
export function converseEvents(conversation: Conversation): ConverseEvent[] {
  const { plan, content, stopReason, usage } = conversation;
  const events: ConverseEvent[] = [];
  const push = (type: string, data: object, isContent = false): void => {
    events.push({ type, data, content: isContent });
  };
  push('messageStart', { role: 'assistant' });
  let callIndex = 0;
  content.forEach((block, contentBlockIndex) => {
    const delta = (fields: object): void =>
      push('contentBlockDelta', { contentBlockIndex, delta: fields }, true);
    if ('toolUse' in block) {
      const { toolUseId, name } = block.toolUse as { toolUseId: string; name: string };
      push('contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name } } });
      for (const input of plan.calls[callIndex++]!.pieces) delta({ toolUse: { input } });
    } else if ('text' in block) {
      for (const text of plan.text) delta({ text });
    } else {
      for (const text of plan.thoughts) delta({ reasoningContent: { text } });
      const { reasoningText } = (block as { reasoningContent: { reasoningText: { signature: string } } })
        .reasoningContent;
      delta({ reasoningContent: { signature: reasoningText.signature } });
    }
    push('contentBlockStop', { contentBlockIndex });
  });
  push('messageStop', { stopReason });
  push('metadata', { usage, metrics: { latencyMs: 20 * plan.outputTokens } });
  return events;
}

/** Bedrock pads its events, so that their length does not tell the token in them. */
export function converseFrames(request: ProviderRequest, conversation: Conversation): Frame[] {
  return converseEvents(conversation).map((event) => ({
    bytes: encodeEvent(event.type, { ...event.data, p: request.dice.letters(1 + request.dice.below(20)) }),
    content: event.content,
  }));
}
