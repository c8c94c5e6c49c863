/** What can be set beside the conversation, under the names that most formats use. */
export const PARAMETER_NAMES = [
  'temperature',
  'max_tokens',
  'top_p',
  'top_k',
  'seed',
  'thinking',
  'effort',
  'stop',
] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];

/** As they were typed; those that are not there are not sent. */
export type ParameterTexts = Readonly<Partial<Record<ParameterName, string>>>;

/** As they are sent. */
export interface Parameters {
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly seed?: number;
  readonly thinking?: number;
  readonly effort?: string;
  readonly stop?: readonly string[];
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

/** Providers have narrower ones and say so; these keep out what no provider takes. */
const BOUNDS: Readonly<Partial<Record<ParameterName, Bounds>>> = {
  temperature: { least: 0, most: 2, isWhole: false },
  max_tokens: { least: 1, most: 10_000_000, isWhole: true },
  top_p: { least: 0, most: 1, isWhole: false },
  top_k: { least: 0, most: 100_000, isWhole: true },
  seed: { least: -2_147_483_648, most: 2_147_483_647, isWhole: true },
  thinking: { least: 0, most: 10_000_000, isWhole: true },
};

export const boundsOf = (name: ParameterName): Bounds | undefined => BOUNDS[name];

/** Whether a text can be sent; an empty one stands for the provider's own default. */
export function isParameter(name: ParameterName, text: string): boolean {
  const bounds = BOUNDS[name];
  if (text.trim() === '' || bounds === undefined) return true;
  const value = Number(text);
  if (!Number.isFinite(value) || value < bounds.least || value > bounds.most) return false;
  return !bounds.isWhole || Number.isInteger(value);
}

/** Those of `known` that are set and can be sent. */
export function parametersOf(texts: ParameterTexts, known: readonly ParameterName[]): Parameters {
  const found: Record<string, unknown> = {};
  for (const name of known) {
    const text = texts[name] ?? '';
    if (text.trim() === '' || !isParameter(name, text)) continue;
    if (name === 'stop') {
      const stop = stopSequences(text);
      if (stop.length > 0) found.stop = stop;
    } else found[name] = name === 'effort' ? text.trim() : Number(text);
  }
  return found as Parameters;
}

/** One a line; a line break within one is written \n. */
export const stopSequences = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));

export const stopText = (sequences: readonly string[]): string =>
  sequences
    .filter((one) => one !== '')
    .map((one) => one.replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
    .join('\n');
