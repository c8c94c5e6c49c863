import { expect, it } from 'vitest';
import { StreamClient } from './stream-client.ts';

const decoder = new TextDecoder();

function open(isAllowed = () => true) {
  const client = new StreamClient(isAllowed);
  const abort = new AbortController();
  let stopped = 0;
  const reader = client.start(() => stopped++, abort.signal).getReader();
  const next = async (): Promise<string> => decoder.decode((await reader.read()).value);
  return { client, abort, reader, next, stopped: () => stopped };
}

it('gives rows on as they come', async () => {
  const { client, next } = open();
  expect(await next()).toContain(': open');
  const waiting = next();
  client.rows(['{"id":1}', '{"id":2}'], 0);
  expect(await waiting).toBe('event: log\ndata: {"id":1}\n\nevent: log\ndata: {"id":2}\n\n');
});

it('keeps no more than a megabyte for a reader that is slow, and says what was left out', async () => {
  const { client, next } = open();
  await next();
  const row = JSON.stringify('x'.repeat(10_000));
  for (let count = 0; count < 1000; count++) client.rows([row], 0);
  client.rows([], 7);
  const text = await next();
  expect(text.length).toBeLessThan(1.2 * 1024 * 1024);
  const shown = text.split('event: log').length - 1;
  expect(shown).toBeGreaterThan(50);
  expect(text.endsWith(`event: skipped\ndata: {"count":${1000 - shown + 7}}\n\n`)).toBe(true);
  client.rows(['"next"'], 0);
  expect(await next()).toBe('event: log\ndata: "next"\n\n');
});

it('stops once when its reader leaves, in whatever way', async () => {
  const left = open();
  left.abort.abort();
  await left.reader.cancel();
  expect(left.stopped()).toBe(1);
  const cancelled = open();
  await cancelled.reader.cancel();
  expect(cancelled.stopped()).toBe(1);
});

it('says why it ends, then ends', async () => {
  const { client, next, reader } = open();
  await next();
  client.end();
  expect(await next()).toContain('event: end');
  expect((await reader.read()).done).toBe(true);
});
