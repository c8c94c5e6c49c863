import type { Block } from './block.ts';
import { anyOf, type BlockTest, keepWanted, type Mark, markTable, never, not } from './block-marks.ts';
import {
  type FilterValue,
  METADATA_KEY,
  METADATA_VALUE,
  PAIRED_KEY,
  type Positive,
  readNumber,
} from './filter-values.ts';
import { countMarks } from './mark-words.ts';
import type { CodeRange, MetadataList } from './metadata-list.ts';
import type { NumberText } from './number-text.ts';
import { foldCase, Needle } from './text-list.ts';

/** For fewer rows than this part of the sets, each row is looked at, else all sets. */
const FEW_ROWS = 4;

/** Sets the marks of entries, by their codes. */
type MarkEntries = (list: MetadataList, marks: Uint8Array) => void;

export function metadataTest(
  key: string,
  operator: Positive,
  values: readonly FilterValue[],
  texts: NumberText,
): BlockTest {
  if (key === METADATA_KEY) return entryTest(markKeys(operator, values));
  if (key === METADATA_VALUE) {
    return entryTest((list, marks) => {
      for (const range of list.keys()) {
        for (const value of values) markValues(list, range.key, range, operator, value, texts, marks);
      }
    });
  }
  const name = key.slice(PAIRED_KEY.length);
  const named = values.filter((value) => value !== null);
  const paired = entryTest((list, marks) => {
    const range = list.entriesOf(name);
    for (const value of named) markValues(list, name, range, operator, value, texts, marks);
  });
  if (operator !== 'eq' || !values.includes(null)) return paired;
  const missing = not(
    entryTest((list, marks) => {
      const { from, to } = list.entriesOf(name);
      marks.fill(1, from, to);
    }),
  );
  return anyOf([paired, missing]);
}

function entryTest(mark: MarkEntries): BlockTest {
  return (block) => {
    const list = block.metadata();
    if (list.entries.count === 0) return false;
    const entries = new Uint8Array(list.entries.count + 1);
    mark(list, entries);
    return entries.includes(1) ? markEntries(block, list, entries) : false;
  };
}

/** Rows that have one of the marked entries. */
function markEntries(block: Block, list: MetadataList, entries: Uint8Array): Mark {
  return (marks, start, end) => {
    const codes = block.codes('metadata');
    if (codes === null) {
      if (list.setsWith(entries)[1] === 0) marks.fill(0, start, end);
      return;
    }
    if (countMarks(marks, start, end) < list.sets / FEW_ROWS) {
      list.keepRows(entries, codes, marks, start, end);
      return;
    }
    const { first, last } = block.metadataSets(start, end);
    keepWanted(codes, list.setsWith(entries, first, last), marks, start, end);
  };
}

function markKeys(operator: Positive, values: readonly FilterValue[]): MarkEntries {
  const wanted = values.filter((value) => value !== null).map(String);
  return (list, marks) => {
    for (const { key, from, to } of list.keys()) {
      if (wanted.some((text) => textHolds(key, operator, text))) marks.fill(1, from, to);
    }
  };
}

function textHolds(own: string, operator: Positive, wanted: string): boolean {
  switch (operator) {
    case 'eq':
      return own === wanted;
    case 'contains':
      return !wanted.includes('\u0000') && foldCase(own).includes(foldCase(wanted));
    case 'lt':
      return Buffer.compare(Buffer.from(own), Buffer.from(wanted)) < 0;
    case 'gt':
      return Buffer.compare(Buffer.from(own), Buffer.from(wanted)) > 0;
  }
}

function markValues(
  list: MetadataList,
  key: string,
  range: CodeRange,
  operator: Positive,
  value: FilterValue,
  texts: NumberText,
  marks: Uint8Array,
): void {
  // Values are never null.
  if (value === null || range.from >= range.to) return;
  const ofTexts = list.textsOf(key, range);
  const wanted = String(value);
  const number = operator === 'lt' || operator === 'gt' ? readNumber('number', value) : null;
  for (let code = ofTexts.to; code < range.to; code++) {
    const own = list.value(key, code);
    if (number !== null) {
      if (typeof own === 'number' && (operator === 'lt' ? own < number : own > number)) marks[code] = 1;
      continue;
    }
    const text = typeof own === 'number' ? texts.ofJson(own) : String(own);
    if (textHolds(text, operator, wanted)) marks[code] = 1;
  }
  if (number !== null) return;
  // The key in quotes, the colon and the quote of the value.
  const before = Buffer.byteLength(JSON.stringify(key)) + ':"'.length;
  if (operator === 'lt' || operator === 'gt') {
    const bytes = Buffer.from(wanted);
    for (let code = ofTexts.from; code < ofTexts.to; code++) {
      const order = list.compareText(code, before, bytes);
      if (operator === 'lt' ? order < 0 : order > 0) marks[code] = 1;
    }
    return;
  }
  const escaped = JSON.stringify(wanted).slice(1, -1);
  if (operator === 'contains' && escaped === wanted && !list.entries.hasBackslash(ofTexts.from, ofTexts.to)) {
    // What is between the quotes is the value itself.
    const codes = list.entries.containing(new Needle(wanted), ofTexts.from, ofTexts.to, before, 1);
    for (const code of codes) marks[code] = 1;
    return;
  }
  for (const code of textCandidates(list, key, ofTexts, operator, wanted)) {
    if (textHolds(String(list.value(key, code)), operator, wanted)) marks[code] = 1;
  }
}

/** Entries among which all are whose value is a text that holds. */
function textCandidates(
  list: MetadataList,
  key: string,
  { from, to }: CodeRange,
  operator: 'eq' | 'contains',
  wanted: string,
): readonly number[] {
  if (operator === 'eq') {
    const code = list.entries.find(Buffer.from(`${JSON.stringify(key)}:${JSON.stringify(wanted)}`));
    return code === 0 ? [] : [code];
  }
  // Within the quotes of JSON: a text that has the wanted one within it has it there too.
  return list.entries.containing(new Needle(JSON.stringify(wanted).slice(1, -1)), from, to);
}

/** Rows whose metadata, as the JSON text that it is kept as, has the wanted text within it. */
export function metadataTextTest(search: string): BlockTest {
  if (search.includes('\u0000')) return never;
  const needle = new Needle(search);
  // What stands between entries can only be part of a match when it is part of what is looked for.
  const spans = /[{},]/.test(search);
  return (block) => {
    const list = block.metadata();
    if (list.sets === 0) return false;
    if (!spans) {
      const entries = new Uint8Array(list.entries.count + 1);
      for (const code of list.entries.containing(needle)) entries[code] = 1;
      return entries.includes(1) ? markEntries(block, list, entries) : false;
    }
    const sets = new Uint8Array(list.sets + 1);
    for (const set of candidateSets(list, search)) {
      if (foldCase(list.text(set)).includes(needle.folded)) sets[set] = 1;
    }
    return markTable(block, 'metadata', sets);
  };
}

function candidateSets(list: MetadataList, search: string): number[] {
  const pieces = search.split(/[{},]/);
  const longest = pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), '');
  const sets = Array.from({ length: list.sets }, (_, index) => index + 1);
  if (longest === '') return sets;
  const entries = new Uint8Array(list.entries.count + 1);
  for (const code of list.entries.containing(new Needle(longest))) entries[code] = 1;
  const marked = list.setsWith(entries);
  return sets.filter((set) => marked[set] === 1);
}
