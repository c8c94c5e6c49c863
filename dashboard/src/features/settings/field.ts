import type { settingsWords } from '../../words/settings.ts';

/** What can be set of a gateway, section by section: one row each. */
export type FieldName = keyof typeof settingsWords.fields;

interface Common {
  readonly name: FieldName;
  /** What holds when nothing is set. */
  readonly fallback: unknown;
  /** Request header that overrides it for one request. */
  readonly header?: string;
  /** Turning it to this value opens something to others: the gateway's name is asked for. */
  readonly dangerous?: unknown;
}

export type Field =
  | (Common & { readonly kind: 'switch' })
  | (Common & {
      readonly kind: 'number';
      readonly unit: string;
      readonly least: number;
      readonly most: number;
      /** What an empty box means; without it, a number has to be there. */
      readonly empty?: 0 | null;
      /** Not whole: what is shown and typed is so many times the value, such as 100 for a share in percent. */
      readonly scale?: number;
    })
  | (Common & { readonly kind: 'choice'; readonly choices: Readonly<Record<string, string>> })
  | (Common & {
      /** A choice whose names do not explain themselves: all are shown, with a sentence each. */
      readonly kind: 'options';
      readonly choices: Readonly<Record<string, { readonly label: string; readonly text: string }>>;
    })
  | (Common & {
      readonly kind: 'text';
      readonly pattern: RegExp;
      /** What is said when it does not match. */
      readonly problem: keyof typeof settingsWords.problems;
      readonly placeholder: string;
      /** What an empty box means; without it, the fallback. */
      readonly empty?: null;
    })
  | (Common & { readonly kind: 'addresses' });

export interface Section {
  readonly name: keyof typeof settingsWords.sections;
  readonly fields: readonly Field[];
}
