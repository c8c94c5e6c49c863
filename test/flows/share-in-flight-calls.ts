import type { ServerResponse } from 'node:http';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { chat, sleep } from './fault-client.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

// A machine with two cores runs other tests beside this one.
const PATIENCE_MS = 30_000;

export async function until(holds: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(complaint);
    await sleep(5);
  }
}

/** A request that has arrived at the provider, and whose answer is written by hand. */
export interface HeldCall {
  readonly response: ServerResponse;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  /** True when the gateway has broken the connection. */
  isAborted: boolean;
}

export interface SharingTest {
  readonly test: TestGateway;
  readonly upstream: Upstream;
  /** In the order of their coming. */
  readonly calls: HeldCall[];
  /** The call of that number, once it is there. */
  call(index: number): Promise<HeldCall>;
  /** Requests that the gateway is busy with. */
  openRequests(): Promise<number>;
  /** Waits until the gateway is busy with so many requests, and has read them. */
  untilOpen(count: number): Promise<void>;
  /** Every record of the gateway since the last time, once there are so many. */
  records(count: number): Promise<LogLine[]>;
  close(): Promise<void>;
}

export type LogLine = Record<string, unknown> & {
  readonly id: string;
  readonly cost: number | null;
  readonly attempts: readonly unknown[];
  readonly decisions: readonly {
    readonly stage: string;
    readonly outcome: string;
    readonly detail: string;
  }[];
};

/** A gateway named `sharing` that caches, over a provider whose answers the test writes. */
export async function startSharingTest(fields: Readonly<Record<string, unknown>> = {}): Promise<SharingTest> {
  const test = await startTestGateway();
  const upstream = await startUpstream();
  const provider_urls = { openai: upstream.url };
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({ id: 'sharing', cache_ttl: 600, provider_urls, ...fields }),
  );
  const calls: HeldCall[] = [];
  upstream.handle = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => {
      const call = {
        response,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
        isAborted: false,
      };
      response.once('close', () => {
        call.isAborted = !response.writableFinished;
      });
      calls.push(call);
    });
  };
  const seen = new Set<string>();
  const health = async (): Promise<Record<string, number>> =>
    (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as Record<string, number>;
  return {
    test,
    upstream,
    calls,
    async call(index) {
      await until(() => calls.length > index, `call ${index} does not come`);
      return calls[index]!;
    },
    openRequests: async () => (await health()).openRequests!,
    async untilOpen(count) {
      await until(async () => (await health()).openRequests === count, `never ${count} requests at once`);
      // Their bodies came with their heads; a turn of the loop later they are where they wait.
      for (let i = 0; i < 3; i++) await health();
    },
    async records(count) {
      let fresh: LogLine[] = [];
      await until(async () => {
        const lines = await exportLogs(test);
        fresh = lines.filter(({ id }) => !seen.has(id));
        return fresh.length >= count;
      }, `there are never ${count} new records`);
      for (const { id } of fresh) seen.add(id);
      return fresh;
    },
    async close() {
      await until(async () => {
        const { openRequests, openUpstream, heldRequestBytes } = await health();
        return openRequests === 0 && openUpstream === 0 && heldRequestBytes === 0;
      }, 'something is left open');
      await test.close();
      await upstream.close();
    },
  };
}

async function exportLogs(test: TestGateway): Promise<LogLine[]> {
  const response = await fetch(
    `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/sharing/logs/export?format=ndjson&order_by_direction=asc`,
    { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
  );
  const text = await response.text();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogLine]));
}

export interface Asking {
  readonly gateway?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One client with a connection of its own, that can leave at any time. */
export class Client {
  readonly #request: ClientRequest;
  #response: IncomingMessage | null = null;
  readonly #chunks: Buffer[] = [];
  /** Settles when the connection is over, whichever way. */
  readonly over: Promise<void>;
  /** True when the body came to its end. */
  isWhole = false;

  constructor(
    test: TestGateway,
    { gateway = 'sharing', path = 'openai/chat/completions', body, headers }: Asking,
  ) {
    const bytes = Buffer.from(JSON.stringify(body));
    this.#request = request(`${test.base(gateway)}${path === '' ? '' : `/${path}`}`, {
      method: 'POST',
      agent: false,
      headers: {
        'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
        authorization: 'Bearer test-key-openai',
        'content-type': 'application/json',
        'content-length': String(bytes.length),
        ...headers,
      },
    });
    this.#request.on('error', () => {});
    this.#request.once('response', (response) => {
      this.#response = response;
      response.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
      response.on('error', () => {});
      response.once('end', () => {
        this.isWhole = response.complete;
      });
    });
    this.over = new Promise((resolve) => this.#request.once('close', () => resolve()));
    this.#request.end(bytes);
  }

  get status(): number | null {
    return this.#response?.statusCode ?? null;
  }
  get headers(): IncomingHttpHeaders {
    return this.#response?.headers ?? {};
  }
  get logId(): string {
    return String(this.headers['cf-aig-log-id']);
  }
  get body(): Buffer {
    return Buffer.concat(this.#chunks);
  }
  /** Takes no more bytes, until `resume`. */
  pause(): void {
    this.#response!.pause();
  }
  resume(): void {
    this.#response!.resume();
  }
  leave(): void {
    this.#request.destroy();
  }
  /** Waits until it has been given so many bytes; 0 waits for the head. */
  async untilGiven(bytes: number): Promise<void> {
    await until(() => this.#response !== null && this.body.length >= bytes, `${bytes} bytes never come`);
  }
}

let asked = 0;
/** A chat request that nobody has sent before. */
export const newQuestion = (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  chat(fields, `Question number ${++asked}`);

const event = (fields: object): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', model: 'gpt-4o-mini', ...fields })}\n\n`,
  );

/** Pieces of an event stream of OpenAI's form, the last of which ends it. */
export function streamOf(words: readonly string[]): Buffer[] {
  const choice = (delta: object, finish_reason: string | null): object => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };
  return [
    ...words.map((content) => event(choice({ content }, null))),
    Buffer.concat([
      event(choice({}, 'stop')),
      event({ choices: [], usage }),
      Buffer.from('data: [DONE]\n\n'),
    ]),
  ];
}

/** A whole answer of OpenAI's form. */
export const answerOf = (content: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: 'c-1',
      object: 'chat.completion',
      model: 'gpt-4o-mini',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 },
    }),
  );

export const STREAM_HEAD = {
  'content-type': 'text/event-stream',
  'x-request-id': 'of-one-call',
  via: 'provider',
};
