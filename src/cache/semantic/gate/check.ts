import type { GateReason, GateRefusal } from '../../../core/semantic.ts';
import type { Match } from './match.ts';
import type { Token } from './read-question.ts';

/** Looks for one sort of difference. Gives the same verdict, whichever question is the asked one. */
export type Check = (match: Match) => GateRefusal | null;

/** Longest detail: words of prompts go into records and pages. */
const LONGEST_DETAIL = 120;

const cut = (text: string): string => (text.length > 50 ? `${text.slice(0, 49)}…` : text);

/** What the asked question has against what the stored one has; nothing is a dash. */
export function refuse(reason: GateReason, asked: readonly string[], stored: readonly string[]): GateRefusal {
  const side = (words: readonly string[]): string => cut(words.join(' ')) || '–';
  return { reason, detail: `${side(asked)} / ${side(stored)}`.slice(0, LONGEST_DETAIL) };
}

export const texts = (tokens: readonly Token[]): string[] => tokens.map((token) => token.text);
