import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { errorEnvelope, GatewayError } from '../core/errors.ts';
import type { Exchange } from '../core/exchange.ts';
import type { CallGateway } from '../core/inside-call.ts';
import type { Logger } from '../core/logger.ts';
import type { Handler } from '../core/stage.ts';
import type { Gateway, Token } from '../core/stores/config.ts';
import { InsideCalls } from './inside-calls.ts';
import { openExchange } from './open-exchange.ts';
import { type BodyLimits, BodyReader } from './read-body.ts';
import { sendReply } from './reply-sink.ts';
import { routeOf } from './routes.ts';

export interface ServerSettings extends BodyLimits {
  readonly host: string;
  readonly port: number;
  readonly maxHeaderBytes: number;
  /** Time that a client has to send its request. */
  readonly clientTimeoutMs: number;
  /** Time that a client may leave bytes unread. */
  readonly clientStallMs: number;
}

export interface ServerServices {
  readonly logger: Logger;
  readonly handle: Handler<Exchange>;
  now(): number;
  tick(): number;
  newId(nowMs: number): string;
  /** The gateway; `default` is made when it is missing and the request shows a valid token. Throws GatewayError. */
  findGateway(account: string, gateway: string, headers: string[]): Gateway;
  /** After a request was let in with a token. */
  admitted(token: Token, atMs: number, request: IncomingMessage): void;
  /** Management API. */
  readonly control: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers what is for a page of the dashboard; false when it is not. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Body and status of /healthz. */
  health(): { readonly status: number; readonly body: string };
}

export interface Listening {
  readonly port: number;
  readonly bodies: BodyReader;
  /** Exchanges that have not ended. */
  openExchanges(): number;
  /** The way into the pipeline without a socket. */
  readonly callInside: CallGateway;
  close(graceMs: number): Promise<void>;
}

/** How long a refused request may go on arriving, so that its sender sees the reply. */
const LINGER_MS = 1_000;
// A burst of connections must not cost anyone a second: that is what a dropped one waits. The system may cap it.
const ACCEPT_QUEUE = 4096;
// No provider takes longer ones.
const MOST_URL_CHARACTERS = 16 * 1024;
const MOST_HEADERS = 256;

/** What is refused by the head alone, on every surface; null when nothing is. */
function headProblem(request: IncomingMessage): GatewayError | null {
  const length = request.url?.length ?? 0;
  if (length > MOST_URL_CHARACTERS)
    return new GatewayError(
      'url-too-long',
      `The path and query are longer than ${MOST_URL_CHARACTERS} bytes`,
    );
  if (request.rawHeaders.length > 2 * MOST_HEADERS)
    return new GatewayError('too-many-headers', `The request has more than ${MOST_HEADERS} header fields`);
  return null;
}

/** Opens the port. Rejects with node's error (EADDRINUSE, EACCES …) when that cannot be done. */
export function listen(settings: ServerSettings, services: ServerServices): Promise<Listening> {
  const bodies = new BodyReader(settings);
  const inside = new InsideCalls(services, bodies, settings.clientStallMs);
  let open = 0;

  const serveExchange = async (
    request: IncomingMessage,
    response: ServerResponse,
    account: string,
    gatewayId: string,
    rest: string,
  ): Promise<void> => {
    const { exchange, release } = openExchange(
      {
        account,
        gateway: services.findGateway(account, gatewayId, request.rawHeaders),
        origin: null,
        token: null,
        method: request.method ?? 'GET',
        headers: request.rawHeaders,
        rest,
        read: (onWhole) => bodies.read(request, onWhole),
      },
      services,
    );
    open++;
    const closing = new Promise<void>((resolve) => {
      response.on('close', () => {
        if (!response.writableFinished) exchange.leave();
        resolve();
      });
    });
    try {
      const reply = await services.handle(exchange);
      if (exchange.token) services.admitted(exchange.token, exchange.arrivedAt, request);
      if (!request.complete) leaveUnread(request, response);
      sendReply(reply, response, settings.clientStallMs, exchange);
      await closing;
    } finally {
      open--;
      release();
    }
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const problem = headProblem(request);
    if (problem) {
      leaveUnread(request, response);
      answerError(response, problem, services.logger);
      return;
    }
    const route = routeOf(request.url ?? '/');
    if (route.surface === 'gateway') {
      serveExchange(request, response, route.account, route.gateway, route.rest).catch((error: unknown) => {
        answerError(response, error, services.logger);
        if (!request.complete) leaveUnread(request, response);
      });
    } else if (route.surface === 'health') {
      const { status, body } = services.health();
      response
        .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        .end(body);
    } else if (route.surface === 'management') {
      services.control(request, response);
    } else if (route.surface !== 'page' || !services.pages(request, response)) {
      answerError(
        response,
        new GatewayError(
          'not-found',
          'No such path; base URLs have the form /v1/{account}/{gateway}/{provider}',
        ),
        services.logger,
      );
    }
  };

  const server = createServer(
    {
      maxHeaderSize: settings.maxHeaderBytes,
      requestTimeout: settings.clientTimeoutMs,
      headersTimeout: Math.min(60_000, settings.clientTimeoutMs),
      connectionsCheckingInterval: Math.min(5_000, settings.clientTimeoutMs),
      keepAliveTimeout: 75_000,
      requireHostHeader: true,
      noDelay: true,
      highWaterMark: 64 * 1024,
    },
    onRequest,
  );
  // One more than is taken, to see that there are too many: node:http would leave the others out without a word.
  server.maxHeadersCount = MOST_HEADERS + 1;
  // Browsers open connections ahead of need: they must not hold up a close.
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => unused.delete(socket));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') bodies.timedOut.add(socket);
    answerClientError(error, socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: settings.port, host: settings.host, backlog: ACCEPT_QUEUE }, () => {
      server.off('error', reject);
      server.on('error', (error) => services.logger.error({ error }, 'the server reports an error'));
      resolve({
        port: (server.address() as AddressInfo).port,
        bodies,
        openExchanges: () => open + inside.open,
        callInside: (call) => inside.call(call),
        close: (graceMs) => closeServer(server, unused, graceMs),
      });
    });
  });
}

/** A reply is on its way although the request is not all here: the connection cannot be used again. */
function leaveUnread(request: IncomingMessage, response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
  response.once('finish', () => {
    // A connection that is closed with bytes unread is reset, and the reset can overtake the reply: read on for a while.
    const timer = setTimeout(() => request.destroy(), LINGER_MS);
    request.once('close', () => clearTimeout(timer));
    request.resume();
  });
}

function answerError(response: ServerResponse, error: unknown, logger: Logger): void {
  const known = error instanceof GatewayError ? error : new GatewayError('internal', 'Internal error');
  if (known !== error) logger.error({ error }, 'internal error outside an exchange');
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = errorEnvelope(known);
  response.writeHead(known.status, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
    ...known.headers,
  ]);
  response.end(body);
}

/** What node:http refuses before there is a request: bad framing, too many header bytes, too slow. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 9431, 'The request header fields are over the limit']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 9408, 'The request did not arrive in time']
        : ['400 Bad Request', 9400, 'The request is not valid HTTP'];
  const httpCode = Number(status.slice(0, 3));
  const body = JSON.stringify({
    success: false,
    result: [],
    messages: [],
    error: [{ code, message }],
    name: 'AiGatewayError',
    httpCode,
    internalCode: code,
    message,
    description: message,
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  // A peer that never closes its side must not keep the connection, and what waits for its request.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** Stops taking connections, lets open exchanges end for up to `graceMs`, then cuts them. */
async function closeServer(server: Server, unused: Iterable<Socket>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  for (const socket of unused) socket.destroy();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
