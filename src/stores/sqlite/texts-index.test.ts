import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRecord, clock } from '../../../test/contract/logs-fixtures.ts';
import { flattenRecord } from '../../core/stores/log-columns.ts';
import type { TextIndex } from '../../core/stores/log-texts.ts';
import type { LogEntry, LogWriter } from '../../core/stores/log-writer.ts';
import { openLogWriter, openTextIndex } from './logs.ts';
import { TextSearcher } from './texts-search.ts';

const BUDGET = 64 * 1024 * 1024;

let root: string;
let writer: LogWriter;
let index: TextIndex;
let searcher: TextSearcher;
let offset = 0;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidegate-texts-'));
  offset = 0;
  openStore();
  open();
});
afterEach(() => {
  searcher.close();
  index.close();
  writer.close();
  rmSync(root, { recursive: true, force: true });
});

const logFolder = (): string => join(root, 'logs');
const folder = (): string => join(root, 'texts');

function openStore(): void {
  writer = openLogWriter({ folder: logFolder(), now: clock.now, onDamage: () => {}, keepsRemovals: true });
}

function open(budgetBytes = BUDGET): void {
  index = openTextIndex({ logFolder: logFolder(), folder: folder(), budgetBytes });
  searcher = new TextSearcher(folder());
}

function reopen(budgetBytes = BUDGET): void {
  searcher.close();
  index.close();
  open(budgetBytes);
}

/** Stores records with bodies; returns their ids. */
function store(count: number, gateway = 'main'): string[] {
  const entries: LogEntry[] = Array.from({ length: count }, (_, place) => ({
    ...flattenRecord(aRecord({ gateway })),
    bodies: {
      segment: 1,
      at: offset + place * 100,
      requestLength: 50,
      responseLength: 50,
      requestTruncated: false,
      responseTruncated: false,
      requestEncoding: '',
      responseEncoding: '',
    },
  }));
  offset += count * 100;
  writer.append(entries, { segment: 1, offset, finished: false });
  return entries.map(({ columns }) => String(columns[0]));
}

/** Reads everything that is new, under the given texts. */
function read(textOf: (id: string) => string): number {
  let count = 0;
  for (;;) {
    const sources = index.next(100);
    if (sources.length === 0) return count;
    count += sources.length;
    index.add(
      sources.map((source) => ({
        source,
        text: { preview: textOf(source.id), prompt: textOf(source.id), answer: 'An answer' },
      })),
    );
  }
}

function tidy(): void {
  for (let steps = 0; index.tidy(); steps++) if (steps > 10_000) throw new Error('it is never tidy');
}

function search(text: string): number {
  return searcher.search({ gatewayRef: 1, text, from: null, to: null }).length;
}

function remove(...ids: string[]): void {
  const step = writer.delete({
    account: 'local',
    gateway: 'main',
    filters: [{ key: 'id', operator: 'eq', value: ids }],
    search: null,
    from: null,
    to: null,
    orderBy: 'created_at',
    direction: 'asc',
    limit: null,
  });
  while (step() > 0);
}

const isOnDisk = (text: string): boolean =>
  readdirSync(folder()).some((name) => readFileSync(join(folder(), name)).includes(text));

describe('the index of texts', () => {
  it('knows how far it has come, over a restart', () => {
    store(250);
    expect(read(() => 'some words')).toBe(250);
    reopen();
    expect(index.next(10)).toEqual([]);
    store(3);
    expect(read(() => 'other words')).toBe(3);
    expect(search('other words')).toBe(3);
    expect(search('some words')).toBe(250);
  });

  it('finds only what is there, although its trigrams say more', () => {
    const [first] = store(2);
    read((id) => (id === first ? 'abcxbcdxcde' : 'xxabcdexx'));
    expect(search('abcde')).toBe(1);
    expect(search('ABCDE')).toBe(1);
    expect(search('bcx')).toBe(1);
  });

  it('takes out single deletions, and leaves nothing of them in its files', () => {
    const ids = store(20);
    read((id) => (id === ids[7] ? 'the qzxwvk of it' : 'nothing special'));
    expect(isOnDisk('qzx')).toBe(true);
    remove(ids[7]!);
    tidy();
    expect(search('qzxwvk')).toBe(0);
    expect(search('nothing special')).toBe(19);
    for (const gram of ['qzx', 'zxw', 'xwv', 'wvk']) expect(isOnDisk(gram)).toBe(false);
    writer.forgetRemovals(index.removedThrough);
    reopen();
    expect(search('nothing special')).toBe(19);
  });

  it('is made anew where much is deleted, and gone where all is', () => {
    const ids = store(300);
    read((id) => (ids.indexOf(id) < 200 ? 'early qzxwvk' : 'late mnbvcx'));
    remove(...ids.slice(0, 100));
    remove(...ids.slice(100, 200));
    tidy();
    expect(search('early qzxwvk')).toBe(0);
    expect(search('late mnbvcx')).toBe(100);
    expect(isOnDisk('qzx')).toBe(false);
    remove(...ids.slice(200, 300));
    tidy();
    expect(search('late')).toBe(0);
    expect(isOnDisk('mnb')).toBe(false);
    store(1);
    read(() => 'fresh words');
    expect(search('fresh words')).toBe(1);
  });

  it('reads a record that got the number of one that was deleted', () => {
    const ids = store(5);
    read(() => 'old words');
    remove(...ids.slice(3));
    const [next] = store(1);
    tidy();
    expect(read(() => 'new words')).toBe(1);
    expect(search('new words')).toBe(1);
    expect(search('old words')).toBe(3);
    const seqs = searcher.search({ gatewayRef: 1, text: 'new words', from: null, to: null });
    expect(searcher.previews([{ seq: seqs[0]!, id: next! }]).get(next!)).toBe('new words');
    expect(searcher.previews([{ seq: seqs[0]!, id: ids[3]! }]).size).toBe(0);
  });

  it('keeps to its budget: the oldest texts go first', () => {
    reopen(1);
    const long = 'tides turn. '.repeat(700);
    store(70);
    read((id) => `ancient ${id} ${long}`);
    store(70);
    read((id) => `recent ${id} ${long}`);
    tidy();
    expect(search('ancient')).toBe(0);
    expect(search('recent')).toBeGreaterThan(0);
    expect(readdirSync(folder()).filter((name) => name.endsWith('.texts'))).toHaveLength(1);
  });

  it('begins anew when it is damaged', () => {
    store(10);
    read(() => 'words to keep');
    searcher.close();
    index.close();
    const [name] = readdirSync(folder()).filter((candidate) => candidate.endsWith('.texts'));
    writeFileSync(join(folder(), name!), 'no database at all, not by any means');
    open();
    expect(read(() => 'words to keep')).toBe(10);
    expect(search('words to keep')).toBe(10);
  });

  it('forgets everything when the store of the logs is another', () => {
    store(10);
    read(() => 'words of the old store');
    searcher.close();
    index.close();
    writer.close();
    rmSync(logFolder(), { recursive: true });
    openStore();
    open();
    expect(search('words of the old store')).toBe(0);
    store(2);
    expect(read(() => 'words of the new store')).toBe(2);
    expect(search('words of the new store')).toBe(2);
  });

  it('removes what a crash left of a file that was being made anew', () => {
    store(3);
    read(() => 'words');
    writeFileSync(join(folder(), '00000001.1.texts.draft'), 'half');
    reopen();
    expect(readdirSync(folder()).some((name) => name.includes('draft'))).toBe(false);
    expect(search('words')).toBe(3);
  });

  it('remembers no removals when nobody keeps texts', () => {
    const ids = store(3);
    writer.close();
    writer = openLogWriter({ folder: logFolder(), now: clock.now, onDamage: () => {} });
    remove(ids[0]!);
    read(() => 'words');
    tidy();
    expect(index.removedThrough).toBe(0);
  });
});
