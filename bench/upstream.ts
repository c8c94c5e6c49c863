/**
 * The provider of the benchmark: answers three shapes on a raw socket, as cheaply as it can.
 * Port 0 picks one; the port is printed as a JSON line. Lines on stdin set the pace of streams: {"paceMs": 50}.
 */
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { MessageReader } from './message-reader.ts';
import { JSON_REPLY, STREAM_END, STREAM_REPLY, UPLOAD_REPLY } from './shapes.ts';

const COMMON_HEAD = [
  'HTTP/1.1 200 OK',
  'Date: Thu, 09 Oct 2025 08:53:20 GMT',
  'openai-version: 2020-10-01',
  'openai-processing-ms: 12',
  'x-request-id: req_bench000000000000000000000000',
  'x-ratelimit-limit-requests: 10000',
  'x-ratelimit-remaining-requests: 9999',
];

function whole(body: Buffer): Buffer {
  const head = [...COMMON_HEAD, 'Content-Type: application/json', `Content-Length: ${body.length}`];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

function chunked(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

const JSON_BYTES = whole(JSON_REPLY);
const UPLOAD_BYTES = whole(UPLOAD_REPLY);
const STREAM_HEAD = Buffer.from(
  `${[...COMMON_HEAD, 'Content-Type: text/event-stream; charset=utf-8', 'Cache-Control: no-cache', 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n`,
);
const STREAM_CHUNKS = STREAM_REPLY.map(chunked);
const STREAM_TAIL = Buffer.concat([chunked(STREAM_END), Buffer.from('0\r\n\r\n')]);

/** A reader that lags is waited for, as a provider would. */
const MAX_UNSENT_BYTES = 64 * 1024;
const UPLOAD_FROM_BYTES = 100_000;
const SMALL_BYTES = 4096;
const STREAM_MARK = Buffer.from('"stream":true');

interface Stream {
  readonly socket: Socket;
  next: number;
}

let paceMs = 0;
const unpaced = new Set<Stream>();

/** Writes one event; false when the stream is over. */
function writeNext(stream: Stream): boolean {
  const { socket } = stream;
  if (socket.destroyed) return false;
  if (socket.writableLength > MAX_UNSENT_BYTES) return true;
  const chunk = STREAM_CHUNKS[stream.next++];
  socket.write(chunk ?? STREAM_TAIL);
  return chunk !== undefined;
}

/** One event of every open stream per turn: each its own write, none waiting for the other. */
function turn(): void {
  for (const stream of unpaced) if (!writeNext(stream)) unpaced.delete(stream);
  if (unpaced.size > 0) setImmediate(turn);
}

function startStream(socket: Socket): void {
  socket.write(STREAM_HEAD);
  const stream = { socket, next: 0 };
  if (paceMs > 0) {
    const timer = setInterval(() => {
      if (!writeNext(stream)) clearInterval(timer);
    }, paceMs);
    return;
  }
  unpaced.add(stream);
  if (unpaced.size === 1) setImmediate(turn);
}

const server = createServer({ noDelay: true }, (socket) => {
  let received = 0;
  let wantsStream = false;
  const reader = new MessageReader(
    {
      head() {
        received = 0;
        wantsStream = false;
      },
      body(bytes) {
        // A gateway that re-serialises may have moved the field, so that all of a small body is looked at.
        if (received < SMALL_BYTES && bytes.includes(STREAM_MARK)) wantsStream = true;
        received += bytes.length;
      },
      end() {
        if (wantsStream) startStream(socket);
        else socket.write(received > UPLOAD_FROM_BYTES ? UPLOAD_BYTES : JSON_BYTES);
      },
    },
    false,
  );
  socket.on('data', (bytes) => reader.push(bytes));
  socket.on('error', () => socket.destroy());
});

server.listen({ port: Number(process.argv[2] ?? 0), host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(JSON.stringify({ port: address.port }));
});

const control = createInterface({ input: process.stdin });
control.on('line', (line) => {
  paceMs = (JSON.parse(line) as { paceMs: number }).paceMs;
  console.log(JSON.stringify({ paceMs }));
});
control.on('close', () => process.exit(0));
