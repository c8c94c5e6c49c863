import type { LogObject } from '../../../../src/api/contract.ts';

export type Decision = LogObject['decisions'][number];

/** Where the rule behind a decision is set: a field of the gateway's settings, a page of the account, or a record. */
export type RulePlace =
  | { readonly kind: 'settings'; readonly field: string }
  | { readonly kind: 'providers' }
  | { readonly kind: 'access' }
  | { readonly kind: 'record'; readonly id: string };

export interface DecisionSentence {
  readonly text: string;
  /** What lies behind it: a key, a reason, lines of a price. */
  readonly detail: string | null;
  readonly tone: 'plain' | 'good' | 'warning' | 'bad';
  readonly place: RulePlace | null;
}

export const say = (
  text: string,
  { detail = null, tone = 'plain', place = null }: Partial<Omit<DecisionSentence, 'text'>> = {},
): DecisionSentence => ({ text, detail, tone, place });

export const settings = (field: string): RulePlace => ({ kind: 'settings', field });
