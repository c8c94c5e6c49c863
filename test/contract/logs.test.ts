import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogPage, LogPosition } from '../../src/core/stores/logs.ts';
import { EXAMPLES, filter, openExampleLogs, START } from './logs-examples.ts';
import { aQuery, aRecord, bodiesOf, type TestLogs } from './logs-fixtures.ts';

let folder: string;
let logs: TestLogs;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-logs-'));
  logs = openExampleLogs(folder);
});
afterAll(async () => {
  await logs.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a record comes back as it went in, every field of it', async () => {
  for (const record of EXAMPLES) {
    const row = await logs.store.find('local', 'main', record.id);
    expect(row).toEqual({ ...record, feedback: null, score: null, promptPreview: null });
  }
});

test('a record of another gateway or account is not there', async () => {
  const { id } = EXAMPLES[0]!;
  expect(await logs.store.find('local', 'other', id)).toBeNull();
  expect(await logs.store.find('foreign', 'main', id)).toBeNull();
  expect(await logs.store.body('local', 'other', id, 'request')).toBeNull();
  expect(await logs.store.patch('local', 'other', id, { feedback: 1 })).toBe(false);
  expect((await logs.store.list(aQuery({ gateway: 'none' }))).totalCount).toBe(0);
});

test('search looks at ids, models, metadata, errors and takes signs of patterns literally', async () => {
  const found = async (search: string) => (await logs.store.list(aQuery({ search }))).totalCount;
  expect(await found("o'neil")).toBe(1);
  expect(await found('100%')).toBe(2);
  expect(await found('100%_s')).toBe(1);
  expect(await found('OVERLOADED')).toBe(1);
  expect(await found(EXAMPLES[0]!.id)).toBe(1);
  expect(await found('')).toBe(4);
});

test('pages are cut in a total order, the id deciding between equals', async () => {
  for (const orderBy of ['created_at', 'provider', 'model', 'cost', 'tokens_in', 'tokens_out', 'duration']) {
    const all = await logs.store.list(aQuery({ orderBy, direction: 'asc' }));
    const reverse = await logs.store.list(aQuery({ orderBy, direction: 'desc' }));
    expect(reverse.rows.map((row) => row.id)).toEqual(all.rows.map((row) => row.id).reverse());
    const pages = [];
    for (let offset = 0; offset < 4; offset++) {
      const page = await logs.store.list(aQuery({ orderBy, direction: 'asc', limit: 1, offset }));
      expect(page.totalCount).toBe(4);
      pages.push(page.rows[0]!.id);
    }
    expect(pages).toEqual(all.rows.map((row) => row.id));
  }
});

test('pages follow each other by their last place, in every order', async () => {
  for (const orderBy of [
    'created_at',
    'provider',
    'model',
    'model_type',
    'success',
    'cached',
    'cost',
    'feedback',
  ]) {
    for (const direction of ['asc', 'desc'] as const) {
      const all = await logs.store.list(aQuery({ orderBy, direction }));
      expect(all.next).toBeNull();
      const pages: string[] = [];
      let after: LogPosition | null = null;
      do {
        const page: LogPage = await logs.store.list(aQuery({ orderBy, direction, limit: 1, after }));
        expect(page.totalCount).toBe(4);
        pages.push(...page.rows.map((row) => row.id));
        after = page.next;
      } while (after !== null);
      expect(pages).toEqual(all.rows.map((row) => row.id));
    }
  }
});

test('a span of time has its beginning and not its end', async () => {
  const within = async (from: number | null, to: number | null) =>
    (await logs.store.list(aQuery({ from, to }))).totalCount;
  expect(await within(START + 1, START + 2)).toBe(1);
  expect(await within(START + 1, null)).toBe(3);
  expect(await within(null, START + 1)).toBe(1);
  expect(await within(START + 2, START + 1)).toBe(0);
});

test('ranges span the whole match, not the page', async () => {
  const page = await logs.store.list(aQuery({ limit: 1, withRanges: true }));
  expect(page.ranges).toEqual({
    cost: [0, 5_000_000],
    duration: [2, 9000],
    tokensIn: [5, 210],
    tokensOut: [28, 28],
    totalTokens: [5, 238],
  });
  const none = await logs.store.list(aQuery({ search: 'nowhere', withRanges: true }));
  expect(none.ranges?.cost).toEqual([null, null]);
});

test('the same id is stored once, whoever sends it again', async () => {
  const record = aRecord({ gateway: 'twice' });
  logs.sink.append(record, bodiesOf('first', 'first'));
  logs.sink.append(record, bodiesOf('second', 'second'));
  expect((await logs.store.list(aQuery({ gateway: 'twice' }))).totalCount).toBe(1);
  expect((await logs.store.body('local', 'twice', record.id, 'request'))?.bytes.toString()).toBe('first');
});

test('feedback, score and metadata can be changed, each for itself', async () => {
  const record = aRecord({ gateway: 'patched' });
  logs.sink.append(record, null);
  const patch = (change: Parameters<typeof logs.store.patch>[3]) =>
    logs.store.patch('local', 'patched', record.id, change);
  expect(await patch({ feedback: -1, score: 0.5 })).toBe(true);
  expect(await patch({ metadata: { team: 'a' } })).toBe(true);
  const row = await logs.store.find('local', 'patched', record.id);
  expect(row).toMatchObject({ feedback: -1, score: 0.5, metadata: { team: 'a' } });
  expect(await patch({ feedback: null, metadata: null })).toBe(true);
  const again = await logs.store.find('local', 'patched', record.id);
  expect(again).toMatchObject({ feedback: null, score: 0.5, metadata: null });
  expect(await patch({})).toBe(true);
  expect(await logs.store.patch('local', 'patched', 'nobody', {})).toBe(false);
});

test('bodies come back byte for byte, small, large and empty, with what is known of them', async () => {
  const large = Buffer.alloc(300_000, 'pattern ');
  const record = aRecord({ gateway: 'bodies' });
  logs.sink.append(record, {
    request: [large.subarray(0, 70_000), large.subarray(70_000)],
    response: [Buffer.from('gzip me')],
    requestTruncated: true,
    responseTruncated: false,
    requestEncoding: '',
    responseEncoding: 'gzip',
  });
  const empty = aRecord({ gateway: 'bodies' });
  logs.sink.append(empty, bodiesOf('', null));
  const request = await logs.store.body('local', 'bodies', record.id, 'request');
  expect(request?.bytes.equals(large)).toBe(true);
  expect(request).toMatchObject({ truncated: true, encoding: '', contentType: 'application/json' });
  const response = await logs.store.body('local', 'bodies', record.id, 'response');
  expect(response).toMatchObject({ truncated: false, encoding: 'gzip' });
  expect(response?.bytes.toString()).toBe('gzip me');
  expect((await logs.store.body('local', 'bodies', empty.id, 'request'))?.bytes.length).toBe(0);
  expect(await logs.store.body('local', 'bodies', empty.id, 'response')).toBeNull();
});

test('a deletion removes what its filters match, no more than its limit, in its order', async () => {
  const at = (index: number) => START + index;
  for (let index = 0; index < 1300; index++) {
    logs.sink.append(
      aRecord({ gateway: 'emptied', createdAt: at(index), model: index % 2 === 0 ? 'even' : 'odd' }),
      null,
    );
  }
  const selection = (change: object) => ({ ...aQuery({ gateway: 'emptied', ...change }), limit: null });
  const left = async () => (await logs.store.list(aQuery({ gateway: 'emptied', limit: 1 }))).totalCount;
  expect(await logs.store.delete({ ...selection({ direction: 'asc' }), limit: 3 })).toBe(3);
  const oldest = await logs.store.list(aQuery({ gateway: 'emptied', direction: 'asc', limit: 1 }));
  expect(oldest.rows[0]?.createdAt).toBe(at(3));
  expect(await logs.store.delete(selection({ filters: [filter('model', 'eq', 'odd')] }))).toBe(649);
  expect(await left()).toBe(648);
  expect(await logs.store.delete(selection({}))).toBe(648);
  expect(await left()).toBe(0);
  expect(await logs.store.delete(selection({}))).toBe(0);
});
