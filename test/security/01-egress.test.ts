import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Transport } from '../../src/upstream/transport.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type CanaryListener, listenAsCanary } from './canary-listener.ts';

/** Every spelling of an address of this machine, or of a network that is nobody's business. `PORT` is the canary's. */
const FORBIDDEN = [
  'http://127.0.0.1:PORT',
  'http://127.8.9.10:PORT',
  'http://2130706433:PORT',
  'http://0177.0.0.1:PORT',
  'http://017700000001:PORT',
  'http://0x7f.0.0.1:PORT',
  'http://0x7f000001:PORT',
  'http://127.1:PORT',
  'http://127.0.1:PORT',
  'http://127.0.0.1.:PORT',
  'http://１２７.０.０.１:PORT',
  'http://①②⑦.0.0.1:PORT',
  'http://127。0。0。1:PORT',
  'http://0.0.0.0:PORT',
  'http://0:PORT',
  'http://[::1]:PORT',
  'http://[::]:PORT',
  'http://[0:0:0:0:0:0:0:1]:PORT',
  'http://[::ffff:127.0.0.1]:PORT',
  'http://[::ffff:7f00:1]:PORT',
  'http://[::127.0.0.1]:PORT',
  'http://[::ffff:0:127.0.0.1]:PORT',
  'http://[64:ff9b::127.0.0.1]:PORT',
  'http://[2002:7f00:1::]:PORT',
  'http://localhost:PORT',
  'http://LOCALHOST:PORT',
  'http://localhost.:PORT',
  'http://ｌｏｃａｌｈｏｓｔ:PORT',
  'http://169.254.169.254',
  'http://0xa9fea9fe',
  'http://[::ffff:a9fe:a9fe]',
  'http://[fd00:ec2::254]',
  'http://[fd12:3456::1]',
  'http://[fe80::1]',
  'http://[fec0::1]',
  'http://10.1.2.3',
  'http://172.16.0.1',
  'http://192.168.1.1',
  'http://100.64.0.1',
  'http://100.127.255.254',
  'http://198.18.0.1',
  'http://224.0.0.1',
  'http://255.255.255.255',
] as const;

// The rooted name is loopback, or no name at all: systems differ. Neither is dialled.
const REFUSED = /private or reserved address|the host name does not resolve \(https?:\/\/localhost\.:/;

let test: TestGateway;
let canary: CanaryListener;
let canary6: CanaryListener;

const ask = (gateway: string, path: string): Promise<Response> =>
  fetch(`${test.base(gateway)}/${path}`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer test-key-openai',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
    },
    body: '{"model":"gpt-4o-mini","messages":[]}',
  });

const nothingConnected = (): void => {
  expect([canary.connections, canary6.connections]).toEqual([0, 0]);
};

beforeAll(async () => {
  canary = await listenAsCanary('0.0.0.0');
  canary6 = await listenAsCanary('::1', canary.port);
  const variable = FORBIDDEN[0].replace('PORT', String(canary.port));
  test = await startTestGateway({
    env: {
      // Nothing private may be dialled; the variable of one provider points there all the same.
      TIDEGATE_ALLOW_PRIVATE: '',
      TIDEGATE_PROVIDER_MISTRAL_URL: variable,
      TIDEGATE_PROVIDER_GROQ_URL: `http://localhost:${canary.port}`,
    },
  });
});
afterAll(async () => {
  await test.close();
  await canary.close();
  await canary6.close();
});

describe('1. addresses that are not on the internet', () => {
  it('refuses each of them as the base URL of a gateway’s provider, however it is spelled, and dials none', async () => {
    for (const [index, spelled] of FORBIDDEN.entries()) {
      const url = spelled.replace('PORT', String(canary.port));
      const id = `g${index}`;
      // Refused where it is set, or else where it is dialled: what counts is that nothing gets there.
      const made = await fetch(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(gatewayBody({ id, provider_urls: { openai: url } })),
      });
      if (!made.ok) {
        expect(made.status, url).toBe(400);
        continue;
      }
      const response = await ask(id, 'openai/chat/completions');
      expect(response.status, url).toBe(400);
      expect(await response.json(), url).toMatchObject({
        internalCode: 2005,
        message: expect.stringMatching(REFUSED),
      });
      nothingConnected();
    }
  });

  it('refuses each of them as the base URL of a custom provider', async () => {
    let dialled = 0;
    for (const [index, spelled] of FORBIDDEN.entries()) {
      for (const scheme of ['http', 'https']) {
        const url = spelled.replace('http', scheme).replace('PORT', String(canary.port));
        const slug = `c${index}${scheme}`;
        const made = await fetch(
          `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/custom-providers`,
          {
            method: 'POST',
            headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
            body: JSON.stringify({ name: slug, slug, base_url: url, enable: true }),
          },
        );
        if (!made.ok) continue;
        dialled++;
        const response = await ask('default', `custom-${slug}/x`);
        expect(response.status, url).toBe(400);
        expect(await response.json(), url).toMatchObject({
          message: expect.stringMatching(REFUSED),
        });
      }
    }
    // https:// is taken when it is set, so the guard at the dial is what held these back.
    expect(dialled).toBeGreaterThanOrEqual(FORBIDDEN.length);
    nothingConnected();
  });

  it('refuses them in a variable of the process too, unless the operator lists the network', async () => {
    for (const provider of ['mistral', 'groq']) {
      const response = await ask('default', `${provider}/v1/chat/completions`);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('TIDEGATE_ALLOW_PRIVATE');
    }
    nothingConnected();
  });

  it('records the refusal, with what was refused', async () => {
    const response = await ask('default', 'mistral/v1/chat/completions');
    const row = await test.record(response);
    expect(row).toMatchObject({ success: false, status_code: 400 });
    expect(JSON.stringify(row)).toContain('egress-refused');
  });
});

describe('2. names whose answer changes', () => {
  const send = async (transport: Transport, origin: string): Promise<string> => {
    const answer = transport.send({
      method: 'GET',
      origin,
      path: '/',
      headers: [],
      body: null,
      firstByteTimeoutMs: 2000,
    });
    try {
      const { status } = await answer.head;
      await new Promise<void>((resolve) =>
        answer.start({ write: () => true, end: resolve, fail: () => resolve() }),
      );
      return String(status);
    } catch (error) {
      return (error as { kind?: string }).kind ?? String(error);
    }
  };
  const settings = { connectTimeoutMs: 2000, idleTimeoutMs: 2000, maxHeaderBytes: 65_536 };

  it('dials the address that it checked, and asks for it once for each connection', async () => {
    const permitted = await listenAsCanary('127.0.0.1', 0, {
      status: 200,
      headers: { connection: 'close' },
      body: 'permitted',
    });
    const forbidden = await listenAsCanary('127.0.0.2', permitted.port);
    let asked = 0;
    // Public at first (here: the one address that is listed), private from then on.
    const transport = new Transport({
      ...settings,
      allowPrivate: ['127.0.0.1/32'],
      resolve: (_name, _options, callback) => {
        asked++;
        const address = asked === 1 ? '127.0.0.1' : '127.0.0.2';
        setImmediate(callback, null, [{ address, family: 4 }]);
      },
    });
    try {
      expect(await send(transport, `http://rebind.example:${permitted.port}`)).toBe('200');
      expect([asked, permitted.connections]).toEqual([1, 1]);
      expect(await send(transport, `http://rebind.example:${permitted.port}`)).toBe('egress-refused');
      expect([asked, permitted.connections, forbidden.connections]).toEqual([2, 1, 0]);
    } finally {
      await transport.close();
      await permitted.close();
      await forbidden.close();
    }
  });

  it('dials none of the forbidden addresses of a name that has both kinds', async () => {
    const forbidden = await listenAsCanary('127.0.0.2');
    const transport = new Transport({
      ...settings,
      allowPrivate: ['127.0.0.1/32'],
      resolve: (_name, _options, callback) =>
        setImmediate(callback, null, [
          { address: '127.0.0.2', family: 4 },
          { address: '::ffff:127.0.0.2', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    try {
      // Nobody listens at the permitted one: a fallback to the others would succeed.
      expect(await send(transport, `http://both.example:${forbidden.port}`)).toBe('upstream-failed');
      expect(forbidden.connections).toBe(0);
    } finally {
      await transport.close();
      await forbidden.close();
    }
  });
});

describe('3. redirects', () => {
  it('hands a redirect to the client, follows none, and sends no credential to where it points', async () => {
    const target = await listenAsCanary('127.0.0.1');
    const open = await startTestGateway();
    try {
      await open.manage('POST', '/gateways', gatewayBody({ id: 'r', retry_max_attempts: 1 }));
      await open.manage('POST', '/gateways/r/provider_configs', {
        provider_slug: 'openai',
        alias: 'default',
        secret: 'test-key-stored-redirect',
      });
      const location = `http://127.0.0.1:${target.port}/stolen`;
      for (const status of [301, 302, 303, 307, 308]) {
        open.provider.script([{ redirect: location, redirectStatus: status }]);
        const response = await fetch(`${open.base('r')}/openai/chat/completions`, {
          method: 'POST',
          redirect: 'manual',
          headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
          body: '{"model":"gpt-4o-mini","messages":[]}',
        });
        expect(response.status).toBe(status);
        expect(response.headers.get('location')).toBe(location);
        await response.arrayBuffer();
      }
      expect(open.provider.requests).toHaveLength(5);
      expect(JSON.stringify(open.provider.requests[0])).toContain('test-key-stored-redirect');
      expect(target.connections).toBe(0);
    } finally {
      await open.close();
      await target.close();
    }
  });
});
