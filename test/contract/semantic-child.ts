import { writeSync } from 'node:fs';
import { anAnswer, anEntry, listOf, openStore, selection, vectorOf } from './semantic-fixtures.ts';

/** Puts and removes entries until it is killed; says what is certain on its output. */
const { store } = openStore(process.argv[2]!, 50_000_000);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const salt = process.argv[3]!;

for (let round = 0; ; round++) {
  const made = Array.from({ length: 1 + (round % 30) }, (_, n) => {
    const seed = `${salt} ${round} ${n}`;
    const entry = anEntry(n, { text: seed });
    store.put(entry, vectorOf(seed), anAnswer(`answer of ${seed}`));
    return entry;
  });
  // It is written when the list is made.
  await store.list(listOf({ limit: 1 }));
  for (const { id, text } of made) say(`kept ${id} ${text}`);
  for (const { id } of made.filter((_, n) => n % 3 === 0)) {
    if ((await store.remove(selection({ id }))) === 1) say(`removed ${id}`);
  }
}
