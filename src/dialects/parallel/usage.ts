import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { amountOf, type Fields, fieldsOf, listOf, statedUnits, textOf } from '../json-fields.ts';
import { unitsReader } from '../units-reader.ts';

/** `usage: [{name: 'sku_search', count: 1}]`: one entry per kind of work, under the provider's own names. */
export const parallelReader = unitsReader({ wanted: { usage: true }, usageOfBody: readItems });

function readItems(body: Fields): Usage | null {
  const counts = new Map<string, number>();
  for (const item of listOf(body.usage).slice(0, 64).map(fieldsOf)) {
    const name = textOf(item?.name);
    const count = amountOf(item?.count);
    if (name === null || count === null || !/^[a-z][a-z0-9_]{0,63}$/.test(name)) continue;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return usageOf({ units: statedUnits(Object.fromEntries(counts)) });
}
