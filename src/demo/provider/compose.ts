import type { Dice } from './dice.ts';
import type { Fault } from './fault.ts';
import { knownAnswer } from './known-answers.ts';
import type { JsonObject } from './loose-json.ts';
import { sampleArguments, sampleValue } from './sample-schema.ts';
import { splitTokens } from './tokens.ts';

export interface Tool {
  readonly name: string;
  readonly schema: JsonObject;
}

/** A request of any family, reduced to what decides the answer. */
export interface Prompt {
  /** Text of the last user turn. */
  readonly text: string;
  /** Texts of the tool results that end the conversation; empty when it does not end with one. */
  readonly toolResults: readonly string[];
  readonly imageCount: number;
  readonly tools: readonly Tool[];
  /** `auto`, `none`, `required`, or the name of the tool to call. */
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly parallelTools: boolean;
  /** JSON wanted: the schema to follow, or an empty object for any JSON. */
  readonly schema: JsonObject | null;
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  /** Tokens to think before answering. */
  readonly thinkingTokens: number;
}

/** A prompt that is a text and nothing else, but for what `change` says. */
export const textPrompt = (text: string, change: Partial<Prompt> = {}): Prompt => ({
  text,
  toolResults: [],
  imageCount: 0,
  tools: [],
  toolChoice: 'none',
  parallelTools: false,
  schema: null,
  maxTokens: null,
  stop: [],
  thinkingTokens: 0,
  ...change,
});

export interface ToolCall {
  readonly name: string;
  readonly input: JsonObject;
  /** `input` as JSON, in pieces. */
  readonly pieces: readonly string[];
}

/** What the model says, before it is put in a family's words. Pieces are tokens; joined, they are the text. */
export interface Plan {
  readonly thoughts: readonly string[];
  readonly text: readonly string[];
  readonly calls: readonly ToolCall[];
  readonly finish: 'stop' | 'length' | 'tools' | 'refusal';
  /** The stop sequence that ended the text. */
  readonly stopSequence: string | null;
  readonly outputTokens: number;
}

const CITIES =
  /\b(Paris|Berlin|London|Tokyo|Lisbon|Oslo|Madrid|Rome|New York|San Francisco|Vienna|Prague)\b/g;

const OPENINGS = [
  'Short answer: it depends on the tide.',
  'Here is what I would do.',
  'Good question.',
  'In one sentence, yes.',
  'Let us look at it step by step.',
];
const MIDDLES = [
  'The water rises twice a day, and a gate that opens with it needs no engine.',
  'Start small, measure once, and write down what you saw.',
  'Most of the cost hides in the part that nobody watches.',
  'A queue that never empties is a storage system with poor manners.',
  'Two copies of a fact will disagree, and usually on a Friday.',
  'The simplest version that can fail safely is the one to ship.',
  'What looks like noise in one hour is a pattern over a week.',
];
const CLOSINGS = [
  'That should be enough to begin with.',
  'Ask me for the details when you need them.',
  'The rest follows from there.',
];
const THOUGHTS = [
  'The user wants a clear and brief reply.',
  'I should check what was asked before.',
  'A tool may be needed, or it may not.',
  'The shorter form is better here.',
];

export function compose(prompt: Prompt, dice: Dice, fault: Fault): Plan {
  const thoughts = prompt.thinkingTokens > 0 ? think(dice, prompt.thinkingTokens) : [];
  if (fault.refuse) {
    const text = splitTokens('I cannot help with that.');
    return plan(thoughts, text, [], 'refusal', null);
  }
  const calls = fault.tokens === undefined ? chooseCalls(prompt) : [];
  if (calls.length > 0) return plan(thoughts, [], calls, 'tools', null);

  let pieces = splitTokens(say(prompt, dice));
  if (fault.tokens !== undefined) pieces = lengthen(pieces, fault.tokens, dice);
  const stopped = stopAt(pieces, prompt.stop);
  if (stopped) return plan(thoughts, stopped.pieces, [], 'stop', stopped.sequence);
  if (prompt.maxTokens !== null && pieces.length > prompt.maxTokens) {
    return plan(thoughts, pieces.slice(0, prompt.maxTokens), [], 'length', null);
  }
  return plan(thoughts, pieces, [], 'stop', null);
}

function plan(
  thoughts: readonly string[],
  text: readonly string[],
  calls: readonly ToolCall[],
  finish: Plan['finish'],
  stopSequence: string | null,
): Plan {
  const callTokens = calls.reduce((sum, call) => sum + 4 + call.pieces.length, 0);
  return {
    thoughts,
    text,
    calls,
    finish,
    stopSequence,
    outputTokens: thoughts.length + text.length + callTokens,
  };
}

/** Asking for the weather with tools at hand is what makes the model call one; a call per city named. */
function chooseCalls(prompt: Prompt): ToolCall[] {
  if (prompt.tools.length === 0 || prompt.toolChoice === 'none' || prompt.toolResults.length > 0) return [];
  const asked = /weather/i.test(prompt.text);
  if (prompt.toolChoice === 'auto' && !asked) return [];
  const wanted = typeof prompt.toolChoice === 'object' ? prompt.toolChoice.name : null;
  const tool =
    prompt.tools.find((candidate) => candidate.name === wanted) ??
    prompt.tools.find((candidate) => /weather/i.test(candidate.name)) ??
    prompt.tools[0]!;
  const cities = [...new Set(prompt.text.match(CITIES) ?? ['Paris'])];
  return (prompt.parallelTools ? cities : cities.slice(0, 1)).map((city) => {
    const input = sampleArguments(tool.schema, city);
    return { name: tool.name, input, pieces: splitTokens(JSON.stringify(input)) };
  });
}

function say(prompt: Prompt, dice: Dice): string {
  if (prompt.schema) return JSON.stringify(sampleValue(prompt.schema, 'value', 'Paris'));
  if (prompt.toolResults.length > 0) {
    return `The tool says: ${prompt.toolResults.map((text) => text.slice(0, 80)).join('; ')}. ${dice.pick(CLOSINGS)}`;
  }
  const known = prompt.imageCount === 0 ? knownAnswer(prompt.text) : null;
  if (known !== null) return known;
  const seen =
    prompt.imageCount === 0
      ? ''
      : `I see ${prompt.imageCount === 1 ? 'one image' : `${prompt.imageCount} images`}. `;
  const middle = dice.below(MIDDLES.length);
  const count = 1 + dice.below(3);
  const body = Array.from({ length: count }, (_, i) => MIDDLES[(middle + i) % MIDDLES.length]).join(' ');
  return `${seen}${dice.pick(OPENINGS)} ${body} ${dice.pick(CLOSINGS)}`;
}

function think(dice: Dice, tokens: number): string[] {
  return lengthen(splitTokens(dice.pick(THOUGHTS)), tokens, dice, THOUGHTS);
}

function lengthen(pieces: string[], tokens: number, dice: Dice, from: readonly string[] = MIDDLES): string[] {
  const long = [...pieces];
  while (long.length < tokens) for (const piece of splitTokens(` ${dice.pick(from)}`)) long.push(piece);
  return long.slice(0, tokens);
}

function stopAt(
  pieces: readonly string[],
  sequences: readonly string[],
): { pieces: string[]; sequence: string } | null {
  const text = pieces.join('');
  let first: { at: number; sequence: string } | null = null;
  for (const sequence of sequences) {
    const at = sequence === '' ? -1 : text.indexOf(sequence);
    if (at >= 0 && (!first || at < first.at)) first = { at, sequence };
  }
  return first && { pieces: splitTokens(text.slice(0, first.at)), sequence: first.sequence };
}
