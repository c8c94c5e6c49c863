import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it arrived at an upstream that a test has to itself. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Upstream {
  readonly url: string;
  readonly port: number;
  readonly arrived: Arrived[];
  /** What happens with the next requests. */
  handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** The next requests are read whole and kept in `arrived`; these bytes are the reply, then the connection ends. */
  answer(reply: Buffer | string): void;
  close(): Promise<void>;
}

/** An upstream below the level of the scripted provider: it answers with any bytes, at any time. */
export async function startUpstream(): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const server = createServer({ requestTimeout: 0 }, (request, response) =>
    upstream.handle(request, response),
  );
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    url: `http://127.0.0.1:${port}`,
    port,
    arrived: [],
    handle: (_, response) => response.end(),
    answer(reply) {
      upstream.handle = (request) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.once('end', () => {
          const { method = '', url = '', rawHeaders } = request;
          upstream.arrived.push({ method, url, rawHeaders, body: Buffer.concat(chunks) });
          request.socket.end(typeof reply === 'string' ? Buffer.from(reply, 'latin1') : reply);
        });
      };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return upstream;
}

/** The bytes of a reply with the length of its body. */
export function replyBytes(
  status: number,
  headers: readonly string[],
  body: Buffer = Buffer.alloc(0),
): Buffer {
  let head = `HTTP/1.1 ${status} Whatever\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`, 'latin1'), body]);
}
