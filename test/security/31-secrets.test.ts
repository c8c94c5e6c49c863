import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRETS, SecretGateway } from './secret-gateway.ts';
import {
  breakHttp,
  bringKeys,
  lookAround,
  makeGateways,
  putKeysInQueries,
  useStoredKeys,
} from './secret-traffic.ts';
import { filesWith, formsOf, storedFiles } from './stored-files.ts';

const gateway = new SecretGateway();

beforeAll(async () => {
  await gateway.open();
  for (const part of [makeGateways, bringKeys, putKeysInQueries, useStoredKeys, breakHttp, lookAround])
    await part(gateway);
  await gateway.stop();
  // And after a restart, which packs what was written.
  await gateway.start();
  await gateway.api('GET', '/gateways/g/logs?per_page=50');
  await gateway.stop();
}, 60_000);
afterAll(() => gateway.close());

const foundIn = (text: string): string[] =>
  Object.entries(SECRETS)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form.toString('latin1'))))
    .map(([name]) => name);

describe('31. and 34. secrets that went through the gateway in every place and ended in every way', () => {
  it('reached those that they were meant for, or nothing here would show anything', () => {
    const sent = JSON.stringify(gateway.provider.requests.map(({ url, rawHeaders }) => [url, rawHeaders]));
    for (const name of [
      'clientHeader',
      'clientApiKey',
      'queryKey',
      'storedKey',
      'rotatedKey',
      'customHeader',
    ] as const)
      expect(sent, name).toContain(SECRETS[name]);
    for (const name of ['admin', 'runInPlace', 'wrongToken', 'cookie'] as const)
      expect(sent, name).not.toContain(SECRETS[name]);
  });

  it('stand in no answer: of calls, errors, records, lists, health, documents, commands', () => {
    expect(gateway.seen.length).toBeGreaterThan(150);
    // The provider's own redirect says where it points; that is the provider's to say.
    const said = gateway.seen.filter((text) => !text.includes('"location"')).join('\n');
    expect(foundIn(said)).toEqual([]);
  });

  it('stand in no line of the process’s output, at the loudest level', () => {
    expect(gateway.printed.problem).toContain('stopped');
    expect(foundIn(gateway.printed.out)).toEqual([]);
    expect(foundIn(gateway.printed.problem)).toEqual([]);
  });

  it('stand in no file of the data folder', () => {
    const files = storedFiles(join(gateway.folder, 'data'));
    expect(files.size).toBeGreaterThan(5);
    for (const [name, secret] of Object.entries(SECRETS)) {
      // It stood in a reply of a provider, and its bodies are kept.
      if (name === 'userInUrl') continue;
      expect(filesWith(files, secret), name).toEqual([]);
    }
  });
});
