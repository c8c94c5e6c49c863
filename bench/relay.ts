/**
 * The yardstick: the least that a byte relay on node:http and undici does. It drops hop-by-hop fields, keeps
 * connections alive on both sides, passes bytes on as they come with back-pressure in both directions, and aborts the
 * upstream when the client leaves. It knows nothing of models, tokens, limits or records.
 * Usage: node bench/relay.ts <port> <upstream port>
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { endToEnd } from './end-to-end.ts';

const [port, upstreamPort] = process.argv.slice(2).map(Number);
const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { pipelining: 1 });

function relay(request: IncomingMessage, response: ServerResponse): void {
  let controller: Dispatcher.DispatchController | null = null;
  response.on('drain', () => controller?.resume());
  response.on('close', () => {
    if (!response.writableFinished) controller?.abort(new Error('the client left'));
  });
  const hasBody =
    request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  pool.dispatch(
    {
      method: request.method as Dispatcher.HttpMethod,
      path: request.url ?? '/',
      headers: endToEnd(request.rawHeaders),
      body: hasBody ? request : null,
    },
    {
      onRequestStart(started) {
        controller = started;
      },
      onResponseStart(started, status) {
        response.writeHead(status, endToEnd((started.rawHeaders ?? []) as Buffer[]));
      },
      onResponseData(started, chunk) {
        if (!response.write(chunk)) started.pause();
      },
      onResponseEnd() {
        response.end();
      },
      onResponseError(_, error) {
        if (response.headersSent) response.destroy(error);
        else response.writeHead(502).end();
      },
    },
  );
}

const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, relay);
server.listen({ port, host: '127.0.0.1', backlog: 4096 });
