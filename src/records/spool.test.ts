import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { Health } from '../core/health.ts';
import { newId } from '../core/ids.ts';
import type { LogRecord } from '../core/stores/logs.ts';
import { atTurnEnd } from '../core/turn-end.ts';
import { SegmentReader } from './segment-reader.ts';
import { listSegments } from './segments.ts';
import { createSignal, Signal } from './signal.ts';
import { Spool } from './spool.ts';

const clock = systemClock();
let folder: string;
let health: Health;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-spool-'));
  health = new Health();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

function openSpool(segmentBytes?: number): Spool {
  const signal = new Signal(createSignal());
  return new Spool({
    folder,
    clock,
    health,
    logger,
    signal,
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  });
}

function aRecord(): LogRecord {
  const now = clock.now();
  return {
    id: newId(now),
    account: 'a',
    gateway: 'g',
    createdAt: now,
    eventId: 'e',
    method: 'POST',
    provider: 'openai',
    model: 'größe ✓',
    modelRequested: null,
    modelType: null,
    path: '',
    requestType: 'native',
    requestContentType: null,
    responseContentType: null,
    statusCode: 200,
    success: true,
    cached: false,
    cacheStatus: null,
    cacheKind: null,
    cacheReason: null,
    rateLimited: false,
    streamed: false,
    durationMs: 1,
    firstByteMs: null,
    overheadMs: null,
    tokensPerSecond: null,
    usage: null,
    costNanos: null,
    customCost: false,
    savedNanos: null,
    savedMs: null,
    metadata: null,
    step: 0,
    attempts: [],
    decisions: [],
    userAgent: null,
    sessionId: null,
    requestSize: 0,
    responseSize: 0,
    finishReason: null,
    errorType: null,
    errorMessage: null,
    outcome: 'complete',
    authentication: false,
    byok: false,
    tokenId: null,
    userId: null,
    resend: null,
  };
}

function readAll(): { ids: string[]; requests: (string | null)[] } {
  const ids: string[] = [];
  const requests: (string | null)[] = [];
  for (const segment of listSegments(folder)) {
    const reader = new SegmentReader(folder, segment, 0);
    const batch = reader.next({ entries: 10_000, bytes: 1 << 30, finished: true, verify: true });
    expect(batch).toMatchObject({ damage: [], atEnd: true });
    for (const { columns, bodies } of batch.entries) {
      ids.push(columns[0] as string);
      if (bodies?.requestLength == null) requests.push(null);
      else {
        const bytes = Buffer.alloc(bodies.requestLength);
        expect(reader.read(bytes, bodies.at)).toBe(bytes.length);
        requests.push(bytes.toString());
      }
    }
    reader.close();
  }
  return { ids, requests };
}

test('what append() took is in a file at the end of the turn, in any number of pieces', async () => {
  const spool = openSpool();
  const piece = Buffer.alloc(100, 'x');
  const cases: (readonly Buffer[] | null)[] = [
    null,
    [],
    [piece],
    Array.from({ length: 3000 }, () => piece),
    [Buffer.alloc(2_000_000, 'y')],
  ];
  const records = cases.map((request) => {
    const record = aRecord();
    const bodies = {
      request,
      response: null,
      requestTruncated: false,
      responseTruncated: false,
      requestEncoding: '',
      responseEncoding: '',
    };
    spool.append(record, bodies);
    return record;
  });
  expect(readAll().ids).toEqual([]);
  await new Promise<void>((resolve) => atTurnEnd(resolve));
  const found = readAll();
  expect(found.ids).toEqual(records.map((record) => record.id));
  expect(found.requests).toEqual(
    cases.map((request) => (request === null ? null : Buffer.concat(request).toString())),
  );
  spool.close();
});

test('segments are finished at their size, and their names sort in the order of writing', () => {
  const spool = openSpool(2000);
  const records = Array.from({ length: 50 }, () => aRecord());
  for (const record of records) spool.append(record, null);
  spool.flush();
  expect(listSegments(folder).length).toBeGreaterThan(5);
  expect(readAll().ids).toEqual(records.map((record) => record.id));
  spool.close();
});

test('without a place to write to, append() says so and does not throw; it recovers by itself', () => {
  const spool = openSpool();
  spool.close();
  rmSync(folder, { recursive: true });
  spool.append(aRecord(), null);
  spool.append(aRecord(), null);
  spool.flush();
  expect(health.counters.get('records_lost')).toBe(2);
  expect(health.isDegraded('spool')).toBe(true);
  mkdirSync(folder);
  const record = aRecord();
  spool.append(record, null);
  spool.flush();
  expect(health.isDegraded('spool')).toBe(false);
  expect(health.counters.get('records_lost')).toBe(2);
  expect(readAll().ids).toEqual([record.id]);
  spool.close();
});

const A_SPOOL = `
  const { Spool } = await import(process.argv[1] + '/spool.ts');
  const { Signal, createSignal } = await import(process.argv[1] + '/signal.ts');
  const { Health } = await import(process.argv[1] + '/../core/health.ts');
  const { systemClock } = await import(process.argv[1] + '/../core/clock.ts');
  const silent = () => undefined;
  const health = new Health();
  const spool = new Spool({ folder: process.argv[2], clock: systemClock(), health,
    logger: { debug: silent, info: silent, warn: silent, error: silent }, signal: new Signal(createSignal()) });
`;

/** Runs in a process whose files cannot grow beyond 128 blocks (64 or 128 KiB, by shell), which writes meet like a full disk. */
function runAtTheLimit(script: string): unknown {
  const run = spawnSync(
    'sh',
    [
      '-c',
      `ulimit -f 128; exec "$0" --input-type=module -e "$1" "$2" "$3" "$4"`,
      process.execPath,
      A_SPOOL + script,
      import.meta.dirname,
      folder,
      JSON.stringify(aRecord()),
    ],
    { encoding: 'utf8' },
  );
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

const AT_THE_LIMIT = `
  const record = JSON.parse(process.argv[3]);
  const body = (size) => ({ request: [Buffer.alloc(size, 'x')], response: null, requestTruncated: false,
    responseTruncated: false, requestEncoding: '', responseEncoding: '' });
  const kept = [];
  const put = (id, size) => {
    const before = spool.appended.records;
    spool.append({ ...record, id }, body(size));
    spool.flush();
    if (spool.appended.records > before) kept.push(id);
  };
  for (let index = 0; index < 20; index++) put('first-' + index, 10_000);
  const degraded = health.isDegraded('spool');
  put('huge', 100_000);
  put('small', 10);
  const recovered = !health.isDegraded('spool');
  spool.rotate();
  put('next', 10_000);
  console.log(JSON.stringify({ kept, degraded, recovered, lost: health.counters.get('records_lost') }));
`;

test('a disk that is full costs the records that do not fit, never half of one, and never an exception', () => {
  const { kept, degraded, recovered, lost } = runAtTheLimit(AT_THE_LIMIT) as {
    kept: string[];
    degraded: boolean;
    recovered: boolean;
    lost: number;
  };
  expect(degraded).toBe(true);
  expect(recovered).toBe(true);
  expect(kept).not.toContain('huge');
  expect(kept).toContain('small');
  expect(kept).toContain('next');
  expect(lost).toBe(23 - kept.length);
  expect(readAll().ids).toEqual(kept);
});

const FIVE_AT_ONCE = `
  const record = JSON.parse(process.argv[3]);
  const bodies = { request: [Buffer.alloc(40_000, 'x')], response: null, requestTruncated: false,
    responseTruncated: false, requestEncoding: '', responseEncoding: '' };
  for (const id of ['one', 'two', 'three', 'four']) spool.append({ ...record, id }, id === 'two' ? { ...bodies, request: [Buffer.alloc(200_000)] } : bodies);
  spool.append({ ...record, id: 'last' }, null);
  spool.flush();
  console.log(JSON.stringify({ lost: health.counters.get('records_lost') }));
`;

test('of the records of one turn, those that fit on a disk that is nearly full are kept', () => {
  const { lost } = runAtTheLimit(FIVE_AT_ONCE) as { lost: number };
  const { ids } = readAll();
  expect(ids).toContain('one');
  expect(ids).toContain('last');
  expect(ids).not.toContain('two');
  expect(ids.length + lost).toBe(5);
});

test('a damaged byte anywhere in a frame is found out', () => {
  const spool = openSpool();
  spool.append(aRecord(), null);
  spool.close();
  const path = join(folder, readdirSync(folder)[0]!);
  const good = readFileSync(path);
  expect(good.length).toBeGreaterThan(100);
  const segment = listSegments(folder)[0]!;
  for (let at = 0; at < good.length; at += 3) {
    const bytes = Buffer.from(good);
    bytes[at]! ^= 0x40;
    writeFileSync(path, bytes);
    const reader = new SegmentReader(folder, segment, 0);
    const batch = reader.next({ entries: 10, bytes: 1 << 20, finished: true, verify: true });
    expect(batch.entries).toEqual([]);
    expect(batch.damage).toEqual([{ at: 0, bytes: good.length, torn: true }]);
    reader.close();
  }
});
