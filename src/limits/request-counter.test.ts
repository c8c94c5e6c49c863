import { appendFileSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Health } from '../core/health.ts';
import type { RateRule } from '../core/stores/counters.ts';
import { FileCounterJournal } from '../stores/files/counter-journal.ts';
import { RequestCounter } from './request-counter.ts';

const NOW = 1_700_000_000_000;
const rule: RateRule = { subject: 'local/default', limit: 3, intervalMs: 60_000, technique: 'sliding' };
const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'tidegate-counter-')), 'counters.journal');
const open = (path: string, nowMs: number): RequestCounter =>
  new RequestCounter(new FileCounterJournal(path, new Health()), nowMs);

/** The journal is written at the end of a turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('keeps its counts over a restart, to the millisecond', async () => {
  const path = newPath();
  const first = open(path, NOW);
  first.take(rule, NOW);
  first.take(rule, NOW + 10);
  await turn();
  // No close: the process was killed.
  const second = open(path, NOW + 1000);
  expect(second.take(rule, NOW + 1000)).toMatchObject({ allowed: true, remaining: 0 });
  expect(second.take(rule, NOW + 59_999).allowed).toBe(false);
  expect(second.take(rule, NOW + 60_000).allowed).toBe(true);
});

it('counts nothing for a request that it refuses', () => {
  const counter = open(newPath(), NOW);
  for (let i = 0; i < 3; i++) counter.take(rule, NOW + i);
  for (let i = 0; i < 100; i++) expect(counter.take(rule, NOW + 100).allowed).toBe(false);
  expect(counter.take(rule, NOW + 60_000).allowed).toBe(true);
});

it('skips a torn last line and goes on writing after it', async () => {
  const path = newPath();
  open(path, NOW).take(rule, NOW);
  await turn();
  appendFileSync(path, '17000000000');
  open(path, NOW + 1).take(rule, NOW + 1);
  await turn();
  expect(open(path, NOW + 2).peek(rule, NOW + 2).remaining).toBe(1);
});

it('reads instants of a clock that ran ahead as now, so that nobody waits for hours', async () => {
  const path = newPath();
  open(path, NOW + 3_600_000).take(rule, NOW + 3_600_000);
  await turn();
  const counter = open(path, NOW);
  expect(counter.peek(rule, NOW).remaining).toBe(2);
  expect(counter.peek(rule, NOW + 60_000).remaining).toBe(3);
});

it('rewrites a long journal with what is still counted', async () => {
  const path = newPath();
  const counter = open(path, NOW);
  const wide: RateRule = { ...rule, limit: 1_000_000, intervalMs: 1000 };
  for (let i = 0; i < 150_000; i++) counter.take(wide, NOW + i);
  await turn();
  expect(statSync(path).size).toBeLessThan(5 * 1024 * 1024);
  expect(open(path, NOW + 150_000).peek(wide, NOW + 150_000).remaining).toBe(1_000_000 - 999);
});
