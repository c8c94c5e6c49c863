import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConversationObject } from '../../src/api/contract/conversation.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let tidegate: TestGateway;
beforeAll(async () => {
  tidegate = await startTestGateway();
  await tidegate.manage('POST', '/gateways', gatewayBody({ id: 'other' }));
});
afterAll(() => tidegate.close());

async function ask(
  path: string,
  body: unknown,
  { headers = {} }: { headers?: Record<string, string> } = {},
): Promise<Response> {
  const bytes = Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
  const response = await fetch(`${tidegate.base()}/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-aig-authorization': `Bearer ${tidegate.gateway.gatewayToken?.reveal() ?? ADMIN_TOKEN}`,
      authorization: 'Bearer sk-test-key',
      'x-api-key': 'test-key',
      'anthropic-version': '2023-06-01',
      ...headers,
    },
    body: bytes,
  });
  await response.arrayBuffer();
  return response;
}

async function conversationOf(response: Response): Promise<ConversationObject> {
  const { id } = await tidegate.record(response);
  return (await tidegate.manage(
    'GET',
    `/gateways/default/logs/${String(id)}/conversation`,
  )) as ConversationObject;
}

const status = async (path: string, token: string): Promise<number> => {
  const response = await fetch(`${tidegate.gateway.baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  return response.status;
};

describe('the conversation of a log', () => {
  it.each([true, false])('shows an OpenAI chat, streamed: %s', async (stream) => {
    const response = await ask('openai/chat/completions', {
      model: 'gpt-4o-mini',
      stream,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Say hello to the sea' },
      ],
    });
    const shown = await conversationOf(response);
    expect(shown).toMatchObject({
      dialect: 'openai-chat',
      system: [{ type: 'text', text: 'Be kind.' }],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Say hello to the sea' }] }],
      answer: { role: 'assistant', finish_reason: 'stop', parts: [{ type: 'text' }] },
      request_truncated: false,
      response_truncated: false,
      problem: null,
      new_from: null,
    });
  });

  it('shows an Anthropic stream, and what is new in it since the request before', async () => {
    const headers = { 'x-claude-code-session-id': 'session-of-this-test' };
    const messages = [{ role: 'user', content: 'First question' }];
    const body = { model: 'claude-sonnet-4-5', max_tokens: 64, stream: true };
    const first = await conversationOf(
      await ask('anthropic/v1/messages', { ...body, messages }, { headers }),
    );
    expect(first.new_from).toBeNull();
    expect(first.answer?.parts[0]?.type).toBe('text');
    const answered = [
      ...messages,
      { role: 'assistant', content: 'Answer' },
      { role: 'user', content: 'Second' },
    ];
    const second = await conversationOf(
      await ask('anthropic/v1/messages', { ...body, messages: answered }, { headers }),
    );
    expect(second.new_from).toBe(1);
    expect(second.messages).toHaveLength(3);
  });

  it('shows a body that was sent compressed', async () => {
    const body = gzipSync(
      JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Packed' }] }),
    );
    const response = await ask('openai/chat/completions', body, { headers: { 'content-encoding': 'gzip' } });
    expect((await conversationOf(response)).messages[0]?.parts).toEqual([{ type: 'text', text: 'Packed' }]);
  });

  it('says so when no bodies were kept', async () => {
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Not for the files' }] };
    const response = await ask('openai/chat/completions', body, {
      headers: { 'cf-aig-collect-log-payload': 'false' },
    });
    expect(await conversationOf(response)).toMatchObject({
      messages: [],
      answer: null,
      problem: 'No bodies were kept of this request.',
    });
  });

  it('says so when the request cannot be shown', async () => {
    const response = await ask('openai/chat/completions', Buffer.from('\u0001\u0002 no JSON'));
    const shown = await conversationOf(response);
    expect(shown.problem).toContain('in no format');
    expect(shown.messages).toEqual([]);
  });

  it('needs the permission to read bodies, and is nowhere but in its own gateway', async () => {
    const { id } = await tidegate.record(
      await ask('openai/chat/completions', {
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'Mine' }],
      }),
    );
    const created = async (permission: string): Promise<string> => {
      const token = (await tidegate.manage('POST', '/tokens', {
        name: permission,
        permissions: [permission],
      })) as {
        value: string;
      };
      return token.value;
    };
    const path = `/gateways/default/logs/${String(id)}/conversation`;
    expect(await status(path, await created('read'))).toBe(200);
    expect(await status(path, await created('metadata-read'))).toBe(403);
    expect(await status(path, await created('run'))).toBe(403);
    expect(await status(path.replace('default', 'other'), ADMIN_TOKEN)).toBe(404);
    expect(await status('/gateways/default/logs/not-an-id/conversation', ADMIN_TOKEN)).toBe(404);
  });
});
