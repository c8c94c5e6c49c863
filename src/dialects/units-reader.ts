import type { Usage } from '../core/usage.ts';
import type { Wanted } from '../wire/json-pick.ts';
import { noFacts } from './answer-facts.ts';
import type { DialectReader } from './dialect-reader.ts';
import { type Fields, fieldsOf, textOf } from './json-fields.ts';
import { failedFacts, noteError, readError } from './read-error.ts';

export interface UnitsRules {
  /** Members of the body in which units or the model stand. */
  readonly wanted?: Wanted;
  readonly modelOf?: (body: Fields) => unknown;
  readonly usageOfBody?: (body: Fields) => Usage | null;
  readonly usageOfHeaders?: (headers: Readonly<Record<string, string>>) => Usage | null;
}

/** A reader for providers that state no tokens: their own units where they state them, and whether they failed. */
export function unitsReader(rules: UnitsRules): DialectReader {
  return {
    wanted: { error: true, errors: true, ...rules.wanted },
    readBody(body) {
      const facts = noFacts('whole');
      const fields = fieldsOf(body);
      const error = readError(fields, false);
      if (error) return failedFacts(error);
      if (!fields) return facts;
      facts.model = textOf(rules.modelOf?.(fields));
      facts.usage = rules.usageOfBody?.(fields) ?? null;
      return facts;
    },
    // Their streams carry audio or progress, and no end marker that all of them share.
    endsWithConnection: true,
    takeEvent(event, found) {
      const error = readError(event.fields, false);
      if (error) noteError(error, found);
      found.settled = true;
    },
    addTexts() {},
    endingOf: () => 'whole',
    readUsage: () => null,
    ...(rules.usageOfHeaders ? { readHeaders: rules.usageOfHeaders } : {}),
  };
}
