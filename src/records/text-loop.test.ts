import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aRecord, clock } from '../../test/contract/logs-fixtures.ts';
import { flattenRecord } from '../core/stores/log-columns.ts';
import type { TextIndex } from '../core/stores/log-texts.ts';
import type { LogWriter } from '../core/stores/log-writer.ts';
import { readConversation, readText } from '../dialects/conversation/read-conversation.ts';
import { openBodies } from '../stores/files/bodies.ts';
import { openLogWriter, openTextIndex } from '../stores/sqlite/logs.ts';
import { createSignal, Signal } from './signal.ts';
import { TextLoop } from './text-loop.ts';

let root: string;
let writer: LogWriter;
let index: TextIndex;
let signal: Signal;
let loop: TextLoop;
let nowTick: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidegate-text-loop-'));
  writer = openLogWriter({
    folder: join(root, 'logs'),
    now: clock.now,
    onDamage: () => {},
    keepsRemovals: true,
  });
  index = openTextIndex({ logFolder: join(root, 'logs'), folder: join(root, 'texts'), budgetBytes: 1e9 });
  signal = new Signal(createSignal());
  nowTick = 1000;
  loop = new TextLoop({
    index,
    bodies: openBodies({ folder: join(root, 'bodies') }),
    backend: { readConversation, readText },
    spoolFolder: join(root, 'spool'),
    signal,
    tick: () => nowTick,
    report: () => {},
  });
});
afterEach(() => {
  index.close();
  writer.close();
  rmSync(root, { recursive: true, force: true });
});

/** As the request path does it: the record is in the store, and the signal says that something is new. */
function arrive(count: number): void {
  const bodies = {
    segment: 1,
    at: 0,
    requestLength: 1,
    responseLength: 1,
    requestTruncated: false,
    responseTruncated: false,
    requestEncoding: '',
    responseEncoding: '',
  };
  const entries = Array.from({ length: count }, () => ({ ...flattenRecord(aRecord()), bodies }));
  writer.append(entries, { segment: 1, offset: 1, finished: false });
  for (let raised = 0; raised < count; raised++) signal.raise();
}

const unread = (): number => index.next(1000).length;

function stepFor(ms: number): void {
  for (const end = nowTick + ms; nowTick < end; ) nowTick += loop.step();
}

it('reads what is new when there is little of it', () => {
  stepFor(3000);
  arrive(3);
  stepFor(1000);
  expect(unread()).toBe(0);
});

it('rests while a burst is taken, and makes up for it afterwards', () => {
  stepFor(3000);
  for (let second = 0; second < 10; second++) {
    arrive(30);
    nowTick += loop.step();
  }
  expect(unread()).toBe(300);
  stepFor(5000);
  expect(unread()).toBe(0);
});

it('makes a step now and then under traffic that never rests', () => {
  stepFor(3000);
  const before = nowTick;
  let arrived = 0;
  while (nowTick - before < 40_000) {
    arrive(30);
    arrived += 30;
    nowTick += loop.step();
  }
  expect(unread()).toBeGreaterThan(0);
  expect(unread()).toBeLessThan(arrived);
});
