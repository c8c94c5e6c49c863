import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Fixed answers for load tests, with as little work for each request as node:http allows: `/bench/json?bytes=1024`,
 * `/bench/stream?chunks=200&interval=0`, `/bench/upload`, below any prefix; or any path with the header
 * `x-bench: json?bytes=1024`. Nothing is recorded, checked or authorised.
 */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const handlers = new Map<string, Handler>();

export function findBench(request: IncomingMessage): Handler | null {
  const header = request.headers['x-bench'];
  const url = request.url!;
  if (typeof header === 'string') return handlers.get(header) ?? build(header, header);
  const at = url.indexOf('/bench/');
  return at < 0 ? null : (handlers.get(url) ?? build(url, url.slice(at + 7)));
}

function build(key: string, written: string): Handler | null {
  const mark = written.search(/[?;]/);
  const name = mark < 0 ? written : written.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : written.slice(mark + 1).replaceAll(';', '&'));
  const number = (field: string, usual: number): number => {
    const value = Number(query.get(field) ?? usual);
    return Number.isFinite(value) && value >= 0 ? value : usual;
  };
  const handler =
    name === 'json'
      ? answerJson(number('bytes', 1024))
      : name === 'stream'
        ? answerStream(number('chunks', 200), number('interval', 0))
        : name === 'upload'
          ? answerJson(256)
          : null;
  if (handler && handlers.size < 1000) handlers.set(key, handler);
  return handler;
}

const BASE = { id: 'chatcmpl-bench', created: 1_760_000_000, model: 'gpt-4o-mini', service_tier: 'default' };
const USAGE = { prompt_tokens: 25, completion_tokens: 200, total_tokens: 225 };

function answerJson(bytes: number): Handler {
  const make = (content: string): Buffer =>
    Buffer.from(
      JSON.stringify({
        ...BASE,
        object: 'chat.completion',
        choices: [
          { index: 0, message: { role: 'assistant', content }, logprobs: null, finish_reason: 'stop' },
        ],
        usage: USAGE,
      }),
    );
  const body = make('x'.repeat(Math.max(0, bytes - make('').length)));
  const headers = ['content-type', 'application/json', 'content-length', String(body.length)];
  return (request, response) => {
    request.on('end', () => {
      response.writeHead(200, headers);
      response.end(body);
    });
    request.resume();
  };
}

function answerStream(count: number, intervalMs: number): Handler {
  const chunk = (choices: unknown[], usage: unknown): Buffer =>
    Buffer.from(`data: ${JSON.stringify({ ...BASE, object: 'chat.completion.chunk', choices, usage })}\n\n`);
  const chunks: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const delta = i === 0 ? { role: 'assistant', content: `w${i} ` } : { content: `w${i} ` };
    chunks.push(
      chunk([{ index: 0, delta, logprobs: null, finish_reason: i === count - 1 ? 'stop' : null }], null),
    );
  }
  const usage = { ...USAGE, completion_tokens: count, total_tokens: USAGE.prompt_tokens + count };
  const last = Buffer.concat([chunk([], usage), Buffer.from('data: [DONE]\n\n')]);
  const headers = ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache'];
  return (request, response) => {
    request.on('end', () => {
      response.writeHead(200, headers);
      let next = 0;
      let timer: NodeJS.Timeout | null = null;
      const step = (): void => {
        if (response.destroyed) return;
        if (next === chunks.length) {
          if (timer) clearInterval(timer);
          response.end(last);
          return;
        }
        const flows = response.write(chunks[next++]!);
        if (intervalMs > 0) return;
        if (flows) setImmediate(step);
        else response.once('drain', step);
      };
      if (intervalMs > 0) {
        timer = setInterval(step, intervalMs);
        response.once('close', () => clearInterval(timer!));
      }
      step();
    });
    request.resume();
  };
}
