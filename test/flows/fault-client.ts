import { type IncomingHttpHeaders, request } from 'node:http';
import { ADMIN_TOKEN } from '../support/gateway.ts';

/** A reply as it came over the wire: nothing decoded, nothing followed, and whether it came whole. */
export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** False when the connection ended before the body did. */
  readonly whole: boolean;
  /** The same as a fetch response has them, for what takes those. */
  readonly fields: { readonly headers: Headers };
}

export interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly method?: string;
  /** Called with everything that has come so far; `true` makes the client leave. */
  leaveWhen?(soFar: Buffer): boolean;
  /** The client leaves after so long, whatever has come. */
  readonly leaveAfterMs?: number;
}

/** Asks without any of fetch's help. Rejects when the connection ends before a head has come. */
export function ask(url: string, options: RawRequest = {}): Promise<RawReply> {
  const { body } = options;
  const bytes = Buffer.isBuffer(body) ? body : body === undefined ? null : Buffer.from(textOf(body));
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: options.method ?? 'POST',
      agent: false,
      headers: {
        'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
        authorization: 'Bearer test-key-openai',
        'content-type': 'application/json',
        ...(bytes === null ? {} : { 'content-length': String(bytes.length) }),
        ...options.headers,
      },
    });
    const timer =
      options.leaveAfterMs === undefined
        ? null
        : setTimeout(() => outgoing.destroy(new Error('the client left')), options.leaveAfterMs);
    outgoing.once('error', (error) => {
      if (timer) clearTimeout(timer);
      reject(error);
    });
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (options.leaveWhen?.(Buffer.concat(chunks))) response.destroy();
      });
      // A break is told by `complete`.
      response.on('error', () => {});
      response.once('close', () => {
        if (timer) clearTimeout(timer);
        const list: [string, string][] = [];
        for (let i = 0; i < response.rawHeaders.length; i += 2)
          list.push([response.rawHeaders[i]!, response.rawHeaders[i + 1]!]);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
          whole: response.complete,
          fields: { headers: new Headers(list) },
        });
      });
    });
    outgoing.end(bytes ?? undefined);
  });
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

/** A chat request of OpenAI's form; `fields` are laid over it. */
export const chat = (
  fields: Readonly<Record<string, unknown>> = {},
  question = 'Hello there',
): Record<string, unknown> => ({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: question }],
  ...fields,
});

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until it holds; fails with the complaint when it never does. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  complaint: string,
  timeoutMs = 5000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(complaint);
    await sleep(10);
  }
}
