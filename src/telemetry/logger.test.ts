import { existsSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Secret } from '../core/secret.ts';
import { logDestination, openLogger } from './logger.ts';

function captured(level: Parameters<typeof openLogger>[0] = 'debug') {
  const lines: string[] = [];
  const logger = openLogger(level, { write: (line: string) => void lines.push(line) });
  return { logger, lines, objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('a line is one JSON object with time, level, message and the fields given', () => {
  const { logger, lines, objects } = captured();
  logger.warn({ component: 'spool', bytes: 12 }, 'the disk is full\nreally');
  expect(lines).toHaveLength(1);
  expect(lines[0]!.trimEnd()).not.toContain('\n');
  expect(objects()[0]).toMatchObject({
    level: 'warn',
    message: 'the disk is full\nreally',
    component: 'spool',
    bytes: 12,
  });
  expect(Date.parse(String(objects()[0]!.time))).not.toBeNaN();
});

test('lines below the level are not written', () => {
  const { logger, objects } = captured('warn');
  logger.debug({}, 'a');
  logger.info({}, 'b');
  logger.warn({}, 'c');
  logger.error({}, 'd');
  expect(objects().map((line) => line.message)).toEqual(['c', 'd']);
});

test('a secret is found in no line, wherever it stands', () => {
  const canary = 'canary0123456789abcdef';
  const { logger, lines } = captured();
  const error = new Error(`GET https://x.example/v1?key=${canary} failed`, {
    cause: new Error(`header authorization: Bearer ${canary}`),
  });
  logger.error(
    {
      error,
      authorization: `Bearer ${canary}`,
      'cf-aig-authorization': canary,
      headers: { 'X-Api-Key': canary, cookie: canary, list: [{ password: canary }] },
      secret: new Secret(canary),
      boxed: new Secret(canary),
      url: `https://user:${canary}@x.example/?a=1&api_key=${canary}`,
      bytes: Buffer.from(canary),
      key: `sk-${canary}`,
    },
    `token tg_${canary} refused`,
  );
  expect(lines.join('')).not.toContain(canary);
  expect(lines.join('')).toContain('x.example');
});

test('names that only look like secrets are kept', () => {
  const { logger, objects } = captured();
  logger.info({ inputTokens: 5, tokenId: 'tok_1', hasToken: true, token: null }, 'usage');
  expect(objects()[0]).toMatchObject({ inputTokens: 5, tokenId: 'tok_1', hasToken: true, token: null });
});

test('an endless structure and a huge text are cut', () => {
  const { logger, lines } = captured();
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  logger.info({ loop, text: 'x'.repeat(1_000_000) }, 'odd');
  expect(lines[0]!.length).toBeLessThan(20_000);
});

test.runIf(existsSync('/dev/full'))('a log that cannot be written costs lines, not the process', async () => {
  const target = logDestination(openSync('/dev/full', 'w'));
  const logger = openLogger('info', target);
  for (let i = 0; i < 20; i++) {
    logger.error({ i }, 'x'.repeat(1_000));
    await delay(1);
  }
  const closed = new Promise((resolve) => target.once('close', resolve));
  target.destroy();
  await closed;
});
