import { ADMIN_TOKEN, type TestGateway } from '../support/gateway.ts';

export interface UniversalReply {
  readonly response: Response;
  readonly text: string;
}

/** POSTs to the universal endpoint; a string goes out as it is. */
export async function universal(
  test: TestGateway,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  gateway = 'default',
): Promise<UniversalReply> {
  const response = await fetch(test.base(gateway), {
    method: 'POST',
    headers: {
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { response, text: await response.text() };
}

export interface StepOptions {
  readonly fault?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** An OpenAI step; `fault` is what the scripted provider does with it. */
export function openai({ fault, headers, query, ...more }: StepOptions = {}): Record<string, unknown> {
  return {
    provider: 'openai',
    endpoint: 'chat/completions',
    headers: { authorization: 'Bearer test-key-openai', ...scripted(fault), ...headers },
    query: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }], ...query },
    ...more,
  };
}

/** An Anthropic step. */
export function anthropic({ fault, headers, query, ...more }: StepOptions = {}): Record<string, unknown> {
  return {
    provider: 'anthropic',
    endpoint: 'v1/messages',
    headers: {
      'x-api-key': 'test-key-anthropic',
      'anthropic-version': '2023-06-01',
      ...scripted(fault),
      ...headers,
    },
    query: {
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hello' }],
      ...query,
    },
    ...more,
  };
}

const scripted = (fault: string | undefined): Record<string, string> =>
  fault === undefined ? {} : { 'x-scripted-fault': fault };

export type Fields = Readonly<Record<string, string>>;

/** A native call with a key and a token; its body can still be read. */
export async function askOpenai(
  test: TestGateway,
  headers: Fields,
  gateway: string,
  query: object,
): Promise<Response> {
  const response = await fetch(`${test.base(gateway)}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer test-key-openai',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hello' }],
      ...query,
    }),
  });
  await response.clone().arrayBuffer();
  return response;
}
