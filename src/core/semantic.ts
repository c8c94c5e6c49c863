/** The words of the semantic cache: answers that are given again to a question that means the same. */

/** How far it goes, strictest first: nothing; looks up and judges only; serves and checks many; serves and checks few. */
export const SEMANTIC_MODES = ['off', 'shadow', 'verify', 'on'] as const;
export type SemanticMode = (typeof SEMANTIC_MODES)[number];

/** The stricter of two modes: callers may take away, never add. */
export const stricterMode = (one: SemanticMode, other: SemanticMode): SemanticMode =>
  SEMANTIC_MODES[Math.min(SEMANTIC_MODES.indexOf(one), SEMANTIC_MODES.indexOf(other))]!;

/** Who shares answers: one token (and one provider credential); one user of it, by the metadata; the whole gateway. */
export const SEMANTIC_SCOPES = ['token', 'user', 'gateway'] as const;
export type SemanticScope = (typeof SEMANTIC_SCOPES)[number];

/** What a gateway has set; null in its place is off. */
export interface SemanticSettings {
  readonly mode: SemanticMode;
  /** `local`, `local:{folder}`, or `{provider}/{model}` as in a request to that provider. */
  readonly embedder: string;
  /** Asked of a provider's model that can be shortened; null is its own. */
  readonly embedderDimensions: number | null;
  /** Largest share of wrong answers among those served, 0 to 1. */
  readonly errorBudget: number;
  readonly ttlSeconds: number;
  readonly scope: SemanticScope;
  /** Requests above it are not for it: they want another answer each time. */
  readonly maxTemperature: number;
  /** Share of the served answers that is checked against a fresh one, 0 to 1. */
  readonly sampleRate: number;
  /** Most that checking may cost in a day (UTC), in nano-dollars. */
  readonly dailyCheckNanos: number;
  /** `{provider}/{model}` of a chat model that compares two answers; null leaves it to the words and the embedder. */
  readonly judge: string | null;
}

/** What differs between two questions that look alike. */
export const GATE_REASONS = [
  'numbers',
  'units',
  'dates',
  'money',
  'names',
  'places',
  'quotes',
  'code',
  'negation',
  'antonyms',
  'direction',
  'roles',
  'condition',
  'quantity',
  'time',
  'format',
  'language',
  'question',
  'words',
] as const;
export type GateReason = (typeof GATE_REASONS)[number];

export interface GateRefusal {
  readonly reason: GateReason;
  /** The words that differ, for people; hostile text as every prompt is. */
  readonly detail: string;
}

/** Why a request got no similar answer. Stable: records and figures are counted by them. */
export const SEMANTIC_REASONS = [
  // The request, or the answer, is not for it.
  'format',
  'no-scope',
  'no-text',
  'attachments',
  'tools',
  'temperature',
  'time-words',
  'too-long',
  'language',
  'skipped',
  // Nobody there to ask.
  'unavailable',
  'paused',
  'embedder-failed',
  'late',
  'busy',
  // Looked for and not found, or not good enough.
  'no-neighbour',
  ...GATE_REASONS.map((reason) => `gate-${reason}` as const),
  'verifier-failed',
  'score',
  'known-wrong',
  'answer-gone',
] as const;
export type SemanticReason = (typeof SEMANTIC_REASONS)[number];

/** Turns texts into vectors of length 1, so that a dot product is the cosine. */
export interface Embedder {
  /** Names model, weights and dimensions: part of every partition, because vectors of two models say nothing together. */
  readonly id: string;
  readonly dimensions: number;
  /** Rejects when it cannot; every text of the list, in order. Text beyond the model's window is an error, never cut. */
  embed(texts: readonly string[], signal: AbortSignal | null): Promise<readonly Float32Array[]>;
}

/** Reads two questions together: would one answer serve both? */
export interface Verifier {
  readonly id: string;
  /** A logit for each pair, to be calibrated; null for a pair that is too long. Rejects when it cannot. */
  verify(
    pairs: readonly (readonly [string, string])[],
    signal: AbortSignal | null,
  ): Promise<readonly (number | null)[]>;
}

export type ModelState =
  | { readonly state: 'unused' | 'loading' | 'ready'; readonly problem: null }
  | { readonly state: 'failed'; readonly problem: string };

/** The models of a folder, in a thread of their own. Loaded on first use. */
export interface LocalModels {
  readonly state: ModelState;
  /** Settles when they are loaded, or cannot be; never rejects. */
  ready(): Promise<ModelState>;
  readonly embedder: Embedder;
  readonly verifier: Verifier;
  /** Tokens of a text as the models count them, special ones included. */
  close(): Promise<void>;
}

/** How it was found whether a served answer was right. */
export type JudgedBy = 'text' | 'label' | 'embedding' | 'judge' | 'person';
export type Verdict = 'right' | 'wrong' | 'unsure';
