/**
 * The least that keeping costs: the relay, and of all that a gateway has to do only what no design can leave out. It
 * hashes each request, looks it up in a Map of answers, reads the usage of the answer, and appends a record with both
 * bodies to a file, in one write for all of a turn, before the reply ends. No token, limit, price, index, database or
 * bound of memory. What it costs over the relay is what no gateway on node:http and undici can save.
 * Usage: node bench/keeper.ts <port> <upstream port> <file>
 */
import { createHash } from 'node:crypto';
import { openSync, writevSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { endToEnd } from './end-to-end.ts';

const [port, upstreamPort, file] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { pipelining: 1 });
const descriptor = openSync(file!, 'a');

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly chunks: Buffer[];
}

const answers = new Map<string, Answer>();
const pieces: Buffer[] = [];
const endings: (() => void)[] = [];

function keep(request: IncomingMessage, chunks: readonly Buffer[], answer: Answer, ending: () => void): void {
  const text = Buffer.concat(answer.chunks).toString('utf8');
  const usage: unknown = text.startsWith('{') ? (JSON.parse(text) as { usage?: unknown }).usage : null;
  const { method, url } = request;
  pieces.push(Buffer.from(JSON.stringify({ at: Date.now(), method, url, status: answer.status, usage })));
  pieces.push(...chunks, ...answer.chunks);
  if (endings.push(ending) > 1) return;
  setImmediate(() => {
    // The kernel takes at most 1024 pieces at once.
    for (const due = pieces.splice(0); due.length > 0; ) writevSync(descriptor, due.splice(0, 1024));
    for (const end of endings.splice(0)) end();
  });
}

function call(request: IncomingMessage, response: ServerResponse, chunks: Buffer[], key: string): void {
  let controller: Dispatcher.DispatchController | null = null;
  let answer: Answer = { status: 0, headers: [], chunks: [] };
  response.on('drain', () => controller?.resume());
  response.on('close', () => {
    if (!response.writableFinished) controller?.abort(new Error('the client left'));
  });
  const headers = endToEnd(request.rawHeaders);
  pool.dispatch(
    {
      method: request.method as Dispatcher.HttpMethod,
      path: request.url ?? '/',
      headers,
      // undici passes an iterable of pieces on as they are.
      body: (chunks.length === 1 ? chunks[0]! : chunks) as Buffer,
    },
    {
      onRequestStart(started) {
        controller = started;
      },
      onResponseStart(started, status) {
        const kept = endToEnd((started.rawHeaders ?? []) as Buffer[]);
        answer = { status, headers: kept, chunks: [] };
        response.writeHead(status, kept);
      },
      onResponseData(started, chunk) {
        answer.chunks.push(chunk);
        if (!response.write(chunk)) started.pause();
      },
      onResponseEnd() {
        answers.set(key, answer);
        keep(request, chunks, answer, () => response.end());
      },
      onResponseError(_, error) {
        if (response.headersSent) response.destroy(error);
        else response.writeHead(502).end();
      },
    },
  );
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  const sum = createHash('sha256');
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    sum.update(chunk);
  });
  request.on('end', () => {
    const key = sum.digest('hex');
    const hit = answers.get(key);
    if (hit === undefined) call(request, response, chunks, key);
    else {
      keep(request, chunks, hit, () =>
        response.writeHead(hit.status, [...hit.headers]).end(Buffer.concat(hit.chunks)),
      );
    }
  });
}

const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, serve);
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
