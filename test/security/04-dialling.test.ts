import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources } from '../../checks/source.ts';
import { postForm } from '../../src/upstream/post-form.ts';
import { Transport } from '../../src/upstream/transport.ts';
import { gatewayBody, startTestGateway } from '../support/gateway.ts';
import { listenAsCanary } from './canary-listener.ts';

const NETWORK =
  /import\s+(type\s+)?([^;]*?)\s+from\s+'(node:(?:http|https|http2|net|tls|dgram|dns|dns\/promises)|undici)'/g;
const GLOBALS = /(?<![.\w])(?:fetch\s*\(|new\s+(?:WebSocket|EventSource|XMLHttpRequest)\b)/;
// Ways around the imports that the table below sees.
const HIDDEN =
  /\b(?:createRequire|getBuiltinModule|process\s*\.\s*binding)\b|\brequire\s*\(|\bimport\(\s*['"`](?:node:(?:https?|http2|net|tls|dgram|dns)|undici|https?:)/;

describe('4. everything that can dial', () => {
  const sources = readSources(join(import.meta.dirname, '../..'), 'src').filter(
    ({ path }) => !path.endsWith('.test.ts'),
  );

  it('is the transport and its guard; the rest of the sources only listens, or calls its own gateway', () => {
    const found: Record<string, string[]> = {};
    for (const { path, text, code } of sources) {
      const names = [...text.matchAll(NETWORK)]
        .filter(([, isType]) => isType === undefined)
        .flatMap(([, , clause, module]) => {
          if (!clause!.startsWith('{')) return [`${module}: everything`];
          return clause!
            .replace(/[{}]/g, '')
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name !== '' && !name.startsWith('type '))
            .map((name) => `${module}: ${name.replace(/ as .*/, '')}`);
        });
      if (GLOBALS.test(code)) names.push('fetch');
      const telling = names.filter((name) => name !== 'node:net: isIP' && name !== 'node:http: createServer');
      if (telling.length > 0) found[path] = telling;
    }
    expect(found).toEqual({
      'src/upstream/transport.ts': ['undici: Agent', 'undici: buildConnector'],
      // The lookup that the transport is given, and what it judges by.
      'src/upstream/egress.ts': ['node:dns: lookup', 'node:net: BlockList'],
      // Asks whether a port can be had; listens and never dials.
      'src/cli/listen-check.ts': ['node:net: createServer'],
      // Resolves the configured hosts to say whether they can be found; dials none.
      'src/cli/doctor.ts': ['node:dns/promises: lookup'],
      // `tidegate logs` and its kin: the operator's own gateway, redirects refused.
      'src/cli/management-client.ts': ['fetch'],
      'src/demo/gateway-call.ts': ['node:http: request'],
      'src/demo/traffic.ts': ['node:http: Agent'],
    });
  });

  it('is not hidden behind require, a computed import or a child process', () => {
    const hidden = sources.filter(({ text }) => HIDDEN.test(text)).map(({ path }) => path);
    expect(hidden).toEqual([]);
    const spawning = sources
      .filter(({ imports }) =>
        imports.some(({ specifier }) => /^(?:node:)?(?:child_process|cluster)$/.test(specifier)),
      )
      .map(({ path }) => path);
    expect(spawning).toEqual([]);
  });

  it('hands the transport’s door to the rest as `send` and `postForm`, and nobody else opens a second transport', () => {
    const opening = sources.filter(({ code }) => /new\s+(?:Transport|Agent|EgressGuard)\s*\(/.test(code));
    expect(opening.map(({ path }) => path)).toEqual([
      // Judges addresses only.
      'src/cli/doctor.ts',
      'src/composition/open-transport.ts',
      'src/demo/traffic.ts',
      'src/upstream/transport.ts',
    ]);
    const calling = sources.filter(
      ({ path, code }) => path !== 'src/composition/open-transport.ts' && /\bopenTransport\s*\(/.test(code),
    );
    expect(calling.map(({ path }) => path)).toEqual(['src/main.ts']);
  });

  it('checks the exchange of a Vertex key for a token like any other call', async () => {
    const canary = await listenAsCanary('127.0.0.1');
    const asked: string[] = [];
    const transport = new Transport({
      allowPrivate: [],
      connectTimeoutMs: 2000,
      idleTimeoutMs: 2000,
      maxHeaderBytes: 65_536,
      resolve: (name, _options, callback) => {
        asked.push(name);
        setImmediate(callback, null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    try {
      await expect(postForm(transport, 'https://oauth2.googleapis.com/token', { a: 'b' })).rejects.toThrow(
        /oauth2\.googleapis\.com is 127\.0\.0\.1, a private or reserved address/,
      );
      await expect(
        postForm(transport, `http://127.0.0.1:${canary.port}/token`, { a: 'b' }),
      ).rejects.toMatchObject({ kind: 'egress-refused' });
      expect(asked).toEqual(['oauth2.googleapis.com']);
      expect([canary.connections, transport.open]).toEqual([0, 0]);
    } finally {
      await transport.close();
      await canary.close();
    }
  });

  it('takes no address out of a request: image URLs, file URLs and callbacks in a body are data', async () => {
    const canary = await listenAsCanary('127.0.0.1');
    const test = await startTestGateway();
    try {
      await test.manage('POST', '/gateways', gatewayBody({ id: 'open', authentication: false }));
      const url = `http://127.0.0.1:${canary.port}/x`;
      const response = await fetch(`${test.base('open')}/openai/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer test-key-openai', 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-4o-mini',
          messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
          webhook: url,
          callback_url: url,
          metadata: { url },
        }),
      });
      expect(response.status).toBe(200);
      await test.record(response, 'open');
      expect(canary.connections).toBe(0);
    } finally {
      await test.close();
      await canary.close();
    }
  });
});
