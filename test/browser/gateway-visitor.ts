import { ADMIN_TOKEN, type TestGateway } from '../support/gateway.ts';

/** A key of the provider is stored, so that the gateway can ask by itself, and only holders of a token get in. */
export async function openGateway(test: TestGateway, id: string, body: object): Promise<void> {
  await test.manage('POST', '/gateways', { ...body, id, authentication: true });
  for (const provider_slug of ['openai', 'anthropic'])
    await test.manage('POST', `/gateways/${id}/provider_configs`, {
      provider_slug,
      alias: 'default',
      secret: `stored-key-of-${provider_slug}`,
    });
}

interface Question {
  readonly text: string;
  /** A whole conversation in place of the text. */
  readonly messages?: readonly object[];
  readonly model?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client's request through the gateway, with its answer read to the end. */
export async function ask(
  test: TestGateway,
  gateway: string,
  { text, messages, model = 'gpt-4o-mini', token = ADMIN_TOKEN, headers = {} }: Question,
): Promise<Response> {
  const response = await fetch(`${test.base(gateway)}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-aig-authorization': `Bearer ${token}`,
      ...headers,
    },
    body: JSON.stringify({ model, messages: messages ?? [{ role: 'user', content: text }] }),
  });
  await response.clone().arrayBuffer();
  return response;
}
