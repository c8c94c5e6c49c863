import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** An HTTP/1.1 message as it stood on the wire. */
export interface RawReply {
  readonly status: number;
  readonly reason: string;
  /** [name, value, …], case, order and repeats kept, latin1. */
  readonly headers: readonly string[];
  /** Without the framing of chunked transfer. */
  readonly body: Buffer;
}

export function fieldOf(headers: readonly string[], lowerName: string): string | null {
  for (let i = 0; i < headers.length; i += 2)
    if (headers[i]!.toLowerCase() === lowerName) return headers[i + 1]!;
  return null;
}

/** The fields that are neither of the connection nor for the gateway: what a proxy must hand on untouched. */
export function endToEnd(headers: readonly string[], also: readonly string[] = []): string[] {
  const connection = ['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length', 'cookie'];
  const left = new Set([...connection, ...also]);
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const lower = headers[i]!.toLowerCase();
    if (!left.has(lower) && !lower.startsWith('cf-aig-')) kept.push(headers[i]!, headers[i + 1]!);
  }
  return kept;
}

/** Every reply in what a connection received, in order. `toHead` names the replies (by index) that answer HEAD. */
export function parseReplies(bytes: Buffer, toHead: ReadonlySet<number> = new Set()): RawReply[] {
  const replies: RawReply[] = [];
  let at = 0;
  while (at < bytes.length) {
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    if (headEnd < 0) throw new Error('a reply has no end of its header');
    const [line = '', ...fields] = bytes.toString('latin1', at, headEnd).split('\r\n');
    const [, status = '', reason = ''] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(line) ?? [];
    const headers = fields.flatMap((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), field.slice(colon + 1).trim()];
    });
    at = headEnd + 4;
    let body: Buffer = Buffer.alloc(0);
    if (!toHead.has(replies.length) && !/^(?:1..|204|304)$/.test(status)) {
      if (fieldOf(headers, 'transfer-encoding') === 'chunked') [body, at] = dechunk(bytes, at);
      else {
        const length = Number(fieldOf(headers, 'content-length') ?? bytes.length - at);
        body = bytes.subarray(at, at + length);
        at += length;
      }
    }
    replies.push({ status: Number(status), reason, headers, body });
  }
  return replies;
}

function dechunk(bytes: Buffer, from: number): [Buffer, number] {
  const parts: Buffer[] = [];
  let at = from;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    // The client left, or the server broke off.
    if (lineEnd < 0) return [Buffer.concat(parts), bytes.length];
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) return [Buffer.concat(parts), at + 2];
    parts.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  /** [name, value, …] as they are to be sent, without `host` and `content-length`. */
  readonly headers?: readonly string[];
  readonly body?: Buffer;
}

/** The bytes of a request; `connection: close` makes the end of the reply the end of the connection. */
export function requestBytes(port: number, request: RawRequest, close = true): Buffer {
  const { method = 'POST', path, headers = [], body } = request;
  let head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  if (close) head += 'connection: close\r\n';
  if (body) head += `content-length: ${body.length}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}

/** Sends one request over a plain socket and gives back the reply, byte for byte. */
export async function sendRaw(port: number, request: RawRequest): Promise<RawReply> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(requestBytes(port, request));
  await new Promise<void>((resolve, reject) => {
    socket.once('close', () => resolve());
    // A server that answers before it has read everything may close on what is still being written.
    socket.once('error', (error) => (chunks.length > 0 ? resolve() : reject(error)));
    socket.setTimeout(8000, () => socket.destroy(new Error('no reply within 8 s')));
  });
  const toHead = new Set(request.method === 'HEAD' ? [0] : []);
  return parseReplies(Buffer.concat(chunks), toHead)[0]!;
}

/** Stands between a client and a server and keeps what the client received. */
export interface Eavesdropper {
  readonly port: number;
  /** What clients received so far, one reply after the other. */
  replies(): RawReply[];
  clear(): void;
  close(): Promise<void>;
}

export async function eavesdrop(targetPort: number): Promise<Eavesdropper> {
  const heard: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    const chunks: Buffer[] = [];
    heard.push(chunks);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    upstream.on('data', (chunk: Buffer) => chunks.push(chunk));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    replies: () => heard.flatMap((chunks) => parseReplies(Buffer.concat(chunks))),
    clear: () => {
      for (const chunks of heard) chunks.length = 0;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Waits until the value is no longer null, for what becomes true a moment later. */
export async function until<T>(find: () => T | null | Promise<T | null>, complaint: string): Promise<T> {
  const end = performance.now() + 4000;
  for (;;) {
    const found = await find();
    if (found !== null && found !== false) return found;
    if (performance.now() > end) throw new Error(complaint);
    await sleep(10);
  }
}
