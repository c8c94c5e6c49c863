import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const part = (boundary: string, head: string, content: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;

const NAME = 'name="model"';
const AUDIO = 'name="file"; filename="a.wav"';

/** [what it is, boundary as the header has it, body] */
const floods: readonly (readonly [string, string, string])[] = [
  [
    'thousands of parts',
    'b',
    `${Array.from({ length: 20_000 }, (_, index) => part('b', `name="p${index}"`, 'x')).join('')}--b--\r\n`,
  ],
  ['a boundary that begins again and again', '-'.repeat(70), '-'.repeat(3_000_000)],
  [
    'characters after the boundary',
    'b',
    `--b${'-'.repeat(2_000_000)}\r\n${part('b', NAME, 'whisper-1')}--b--\r\n`,
  ],
  ['line ends without number', 'b', `${'\r\n'.repeat(1_500_000)}${part('b', NAME, 'whisper-1')}--b--\r\n`],
  ['almost the boundary', 'bbbbbbbb', `${'\r\n--bbbbbbb'.repeat(300_000)}\r\n--bbbbbbbb--\r\n`],
  ['a huge name', 'b', `${part('b', `name="${'n'.repeat(2_000_000)}"`, 'x')}--b--\r\n`],
  ['part headers without end', 'b', `--b\r\n${'X-A: b\r\n'.repeat(300_000)}`],
  ['one part header without end', 'b', `--b\r\nContent-Disposition: ${'a'.repeat(3_000_000)}`],
  [
    'paths as file names',
    'b',
    `${part('b', 'name="file"; filename="../../etc/passwd"', 'x')}${part('b', NAME, 'whisper-1')}--b--\r\n`,
  ],
  ['a NUL in a file name', 'b', `${part('b', 'name="file"; filename="a\u0000/../../x"', 'x')}--b--\r\n`],
  [
    'two models',
    'b',
    `${part('b', NAME, 'whisper-1')}${part('b', NAME, 'other')}${part('b', AUDIO, 'x')}--b--\r\n`,
  ],
  ['no end', 'b', part('b', NAME, 'whisper-1')],
  ['an empty boundary', '', `--\r\n${part('', NAME, 'x')}----\r\n`],
  ['a boundary of 10,000 characters', 'b'.repeat(10_000), `--${'b'.repeat(10_000)}--\r\n`],
];

describe('14. multipart bodies', () => {
  it.each(floods)('pass byte for byte and cost little: %s', async (_name, boundary, body) => {
    const startedAt = performance.now();
    const response = await fetch(`${test.base('g')}/openai/audio/transcriptions`, {
      method: 'POST',
      headers: {
        'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
        authorization: 'Bearer test-key',
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      body: new Uint8Array(Buffer.from(body)),
    });
    await response.arrayBuffer();
    expect(response.status).toBeLessThan(500);
    expect(test.provider.requests).toHaveLength(1);
    expect(test.provider.requests[0]!.body.equals(Buffer.from(body))).toBe(true);
    expect(test.provider.requests[0]!.header('content-type')).toBe(
      `multipart/form-data; boundary=${boundary}`,
    );
    // Scripted provider included, which parses it.
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(await test.record(response, 'g')).toMatchObject({ provider: 'openai' });
  });

  it('is no way to bring steps to the universal endpoint', async () => {
    const form = new FormData();
    form.set('provider', 'openai');
    form.set('endpoint', 'chat/completions');
    const response = await fetch(test.base('g'), {
      method: 'POST',
      headers: { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` },
      body: form,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ internalCode: 2019 });
    expect(test.provider.requests).toHaveLength(0);
  });
});
