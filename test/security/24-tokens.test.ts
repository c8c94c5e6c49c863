import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/settings.ts';
import { openConfigStore } from '../../src/stores/sqlite/config.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';
import { filesWith, storedFiles } from './stored-files.ts';

describe('24. tokens', () => {
  let test: TestGateway;
  let minted: string;
  beforeAll(async () => {
    test = await startTestGateway();
    await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
    // A token in place of the provider's key is taken off: then this one is sent.
    await test.manage('POST', '/gateways/g/provider_configs', {
      provider_slug: 'openai',
      alias: 'default',
      secret: 'test-key-stored',
    });
    const made = (await test.manage('POST', '/tokens', { name: 'run', permissions: ['run'] })) as Record<
      string,
      string
    >;
    minted = Object.values(made).find((value) => typeof value === 'string' && value.startsWith('tg_'))!;
  });
  afterAll(() => test.close());

  const statusOf = async (value: string, header = 'cf-aig-authorization'): Promise<number> => {
    const response = await fetch(`${test.base('g')}/openai/models`, {
      headers: { authorization: 'Bearer test-key-openai', [header]: value },
    });
    await response.arrayBuffer();
    return response.status;
  };

  it('are kept as hashes: no file holds one, in any form, after use and after a restart', async () => {
    expect(minted).toMatch(/^tg_[0-9A-Za-z]{43}$/);
    for (const token of [minted, ADMIN_TOKEN]) {
      expect(await statusOf(`Bearer ${token}`)).toBe(200);
      expect(await statusOf(token, 'authorization')).toBe(200);
    }
    await test.restart();
    expect(await statusOf(`Bearer ${minted}`)).toBe(200);
    const files = storedFiles(test.dataFolder);
    expect([...files.keys()]).toContain('config.db');
    for (const token of [minted, ADMIN_TOKEN]) expect(filesWith(files, token)).toEqual([]);
  });

  it('are looked up by the hash of all of it', async () => {
    const config = openConfigStore(join(test.dataFolder, 'config.db'));
    const hashes = [...config.snapshot().tokens.keys()];
    config.close();
    expect(hashes).toContain(createHash('sha256').update(minted).digest('hex'));
    const near = [
      minted.slice(0, -1),
      minted.slice(0, 20),
      `${minted}x`,
      `${minted} x`,
      `x${minted}`,
      minted.toLowerCase(),
      minted.toUpperCase(),
      `${minted.slice(0, -1)}${minted.endsWith('a') ? 'b' : 'a'}`,
      createHash('sha256').update(minted).digest('hex'),
      minted.slice(3),
      `${minted},${minted}`,
      '',
      'Bearer',
      'undefined',
      'null',
      '%',
      "' OR 1=1 --",
      '__proto__',
    ];
    for (const value of near) {
      expect(await statusOf(`Bearer ${value}`), value).toBe(401);
      if (value !== '') expect(await statusOf(value), value).toBe(401);
    }
  });

  it('show of themselves only a few characters when they are listed, and nothing of one that was chosen by hand', async () => {
    const listed = JSON.stringify(await test.manage('GET', '/tokens'));
    expect(listed).not.toContain(minted.slice(0, 12));
    expect(listed).not.toContain(ADMIN_TOKEN.slice(0, 8));
    expect(listed).not.toContain(createHash('sha256').update(minted).digest('hex').slice(0, 40));
  });
});

describe('28. the first start', () => {
  let folder: string;
  const running: TidegateProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidegate-first-'));
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (): Promise<{ process: TidegateProcess; banner: string; baseUrl: string }> => {
    const process = startTidegate(folder, ['start', '--port', '0']);
    running.push(process);
    const banner = await process.printed('Ctrl-C stops');
    return { process, banner, baseUrl: /Base URL +(http:\S+)\/v1\//.exec(banner)![1]! };
  };

  it('makes tokens of its own and shows them once; nothing else opens it', async () => {
    const first = await start();
    const adminToken = /Admin token +(\S+)/.exec(first.banner)![1]!;
    const gatewayToken = /Gateway token +(\S+)/.exec(first.banner)![1]!;
    expect(adminToken).toMatch(/^tg_[0-9A-Za-z]{43}$/);
    expect(gatewayToken).not.toBe(adminToken);
    const api = `${first.baseUrl}/client/v4/accounts/local/ai-gateway/gateways`;
    const ask = async (headers: Record<string, string>): Promise<number> => {
      const response = await fetch(api, { headers });
      await response.arrayBuffer();
      return response.status;
    };
    expect(await ask({ authorization: `Bearer ${adminToken}` })).toBe(200);
    expect(await ask({})).toBe(401);
    // A gateway token is no administrator.
    expect(await ask({ authorization: `Bearer ${gatewayToken}` })).toBe(403);
    // Guesses that other software would take. Few: the gateway slows those down who guess.
    const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
    for (const guess of ['Bearer admin', 'Bearer sk-1234', basic]) {
      expect([401, 403, 429]).toContain(await ask({ authorization: guess }));
    }
    expect((await fetch(`${first.baseUrl}/v1/local/default/openai/models`)).status).toBe(401);
    first.process.child.kill('SIGTERM');
    const ended = await first.process.ended;
    // Standard error is what ends up in log collectors.
    expect(ended.problem).not.toContain(adminToken.slice(0, 12));
    expect(ended.problem).not.toContain(gatewayToken.slice(0, 12));
    const files = storedFiles(join(folder, 'data'));
    expect(filesWith(files, adminToken)).toEqual([]);
    expect(filesWith(files, gatewayToken)).toEqual([]);

    const second = await start();
    expect(second.banner).not.toContain(adminToken.slice(0, 12));
    expect(second.banner).not.toContain(gatewayToken.slice(0, 12));
    expect(second.banner).not.toContain('Admin token');
    const again = await fetch(`${second.baseUrl}/client/v4/accounts/local/ai-gateway/gateways`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    expect(again.status).toBe(200);
  });

  it('listens on loopback, and on no other address of the machine', async () => {
    const { baseUrl, banner } = await start();
    const url = new URL(baseUrl);
    expect(url.hostname).toBe('127.0.0.1');
    expect(banner).not.toContain('other machines can reach it');
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, scopeid }) => !internal && !scopeid)
      .map(({ address }) => address);
    for (const address of [...others, '127.0.0.2']) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: address, port: Number(url.port), timeout: 1000 });
        const settle = (value: boolean) => () => {
          socket.destroy();
          resolve(value);
        };
        socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
      });
      expect(reached, address).toBe(false);
    }
  });

  it('has no setting with a secret as its default', () => {
    const settings = loadSettings({ flags: new Map(), file: null, providers: [], env: {} });
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      adminToken: null,
      masterKey: null,
      allowPrivate: [],
    });
  });
});
