/**
 * The load generator: HTTP/1.1 over raw sockets, one process of its own. Takes one JSON command per line on stdin and
 * answers each with one JSON line. Every reply is checked: status, exact length, and for streams the end marker.
 */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { LoadCommand, LoadResult } from './load-command.ts';
import { MessageReader } from './message-reader.ts';
import {
  JSON_REPLY,
  REQUEST_BODIES,
  SERIAL_MARK,
  STREAM_BYTES,
  STREAM_END,
  STREAM_EVENTS,
  UPLOAD_REPLY,
} from './shapes.ts';

const SETTLE_LIMIT_MS = 20_000;
let serial = Date.now() * 1000;

class Run {
  completed = 0;
  bytes = 0;
  reads = 0;
  errors = 0;
  readonly samples = new Map<string, number>();
  readonly latenciesMs: number[] = [];
  readonly gapsMs: number[] = [];
  readonly command: LoadCommand;
  readonly expectedBytes: number;
  windowOpen = true;

  constructor(command: LoadCommand) {
    this.command = command;
    this.expectedBytes = { json: JSON_REPLY.length, stream: STREAM_BYTES, upload: UPLOAD_REPLY.length }[
      command.shape
    ];
  }

  fail(reason: string): void {
    this.errors++;
    this.samples.set(reason, (this.samples.get(reason) ?? 0) + 1);
  }
}

/** One connection: at most one request at a time. */
class Connection {
  readonly run: Run;
  readonly #wire: Buffer;
  readonly #serialAt: number;
  readonly #onIdle: (connection: Connection) => void;
  #socket: Socket | null = null;
  #reader: MessageReader | null = null;
  #startedAt = 0;
  #lastChunkAt = 0;
  #status = '';
  #received = 0;
  #tail = '';
  busy = false;

  constructor(run: Run, onIdle: (connection: Connection) => void) {
    this.run = run;
    this.#onIdle = onIdle;
    const { command } = run;
    const body = REQUEST_BODIES[command.shape];
    const head = [
      `POST ${command.path} HTTP/1.1`,
      `Host: 127.0.0.1:${command.port}`,
      'User-Agent: OpenAI/JS 6.49.0',
      'Accept: application/json',
      'Accept-Encoding: identity',
      'Content-Type: application/json',
      'Authorization: Bearer test-key-openai',
      'X-Stainless-Lang: js',
      'X-Stainless-Retry-Count: 0',
      ...command.headers,
      `Content-Length: ${body.length}`,
    ];
    this.#wire = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
    this.#serialAt = this.#wire.indexOf(SERIAL_MARK);
    if (command.sameBody) this.#wire.write('same-for-all-now', this.#serialAt, 'latin1');
  }

  get hasFirstChunk(): boolean {
    return this.#received > 0;
  }

  send(startedAt: number): void {
    this.busy = true;
    this.#startedAt = startedAt;
    this.#received = 0;
    this.#tail = '';
    this.#lastChunkAt = 0;
    if (!this.run.command.sameBody)
      this.#wire.write(String(serial++).padStart(SERIAL_MARK.length, '0'), this.#serialAt, 'latin1');
    if (!this.#socket) this.#open();
    this.#socket?.write(this.#wire);
  }

  destroy(): void {
    this.busy = false;
    this.#socket?.destroy();
    this.#socket = null;
  }

  giveUp(reason: string): void {
    this.run.fail(reason);
    this.destroy();
  }

  #open(): void {
    const socket = connect({ port: this.run.command.port, host: '127.0.0.1', noDelay: true });
    this.#reader = new MessageReader(
      {
        head: (text) => {
          this.#status = text.slice(9, 12);
        },
        body: (bytes) => this.#chunk(bytes),
        end: () => this.#done(),
      },
      true,
    );
    socket.on('data', (bytes) => {
      if (this.#socket !== socket) return;
      this.run.reads++;
      if (this.run.command.measureGaps) this.#gap();
      this.#reader?.push(bytes);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.#lost(socket, error.code ?? error.message));
    socket.on('close', () => this.#lost(socket, 'connection closed'));
    this.#socket = socket;
  }

  #gap(): void {
    const now = performance.now();
    if (this.#lastChunkAt > 0 && this.run.windowOpen) this.run.gapsMs.push(now - this.#lastChunkAt);
    this.#lastChunkAt = now;
  }

  #chunk(bytes: Buffer): void {
    this.#received += bytes.length;
    this.run.bytes += bytes.length;
    if (this.run.command.shape !== 'stream') return;
    const last = bytes.toString('latin1', Math.max(0, bytes.length - STREAM_END.length));
    this.#tail = last.length < STREAM_END.length ? (this.#tail + last).slice(-STREAM_END.length) : last;
  }

  #done(): void {
    if (!this.busy) return;
    const { run } = this;
    this.busy = false;
    const reason =
      this.#status !== '200'
        ? `status ${this.#status}`
        : this.#received !== run.expectedBytes && !run.command.anyLength
          ? `${this.#received} bytes instead of ${run.expectedBytes}`
          : run.command.shape === 'stream' && this.#tail !== STREAM_END
            ? 'no [DONE]'
            : null;
    if (reason) run.fail(reason);
    else {
      run.completed++;
      run.latenciesMs.push(performance.now() - this.#startedAt);
    }
    this.#onIdle(this);
  }

  #lost(socket: Socket, reason: string): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    if (this.busy && this.#reader?.close() === true && !this.busy) return;
    if (!this.busy) return;
    this.busy = false;
    this.run.fail(reason);
    // A peer that refuses is not hammered: the next try waits.
    setTimeout(() => this.#onIdle(this), 20);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function settle(connections: readonly Connection[]): Promise<void> {
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  while (connections.some((connection) => connection.busy) && performance.now() < deadline) await sleep(5);
  for (const connection of connections) if (connection.busy) connection.giveUp('no end within 20 s');
}

/** Each connection sends its next request as soon as the last one is answered. */
async function closedLoop(run: Run, connections: Connection[]): Promise<void> {
  for (const connection of connections) connection.send(performance.now());
  await sleep(run.command.seconds * 1000);
  run.windowOpen = false;
  await settle(connections);
}

/**
 * Requests leave at fixed times, whether or not earlier ones are answered. When no connection is free they queue, and
 * the wait in the queue counts: a gateway that stalls cannot hide it by slowing the generator down.
 */
async function openLoop(run: Run, free: Connection[], waiting: number[]): Promise<void> {
  const all = [...free];
  const startedAt = performance.now();
  const stepMs = 1000 / (run.command.rate ?? 200);
  const total = Math.round((run.command.seconds * 1000) / stepMs);
  for (let sent = 0; sent < total; ) {
    const now = performance.now();
    const dueAt = startedAt + sent * stepMs;
    if (now < dueAt) {
      await sleep(dueAt - now);
      continue;
    }
    sent++;
    const connection = free.pop();
    if (connection) connection.send(now);
    else waiting.push(now);
  }
  while (waiting.length > 0 && all.some((connection) => connection.busy)) await sleep(5);
  run.windowOpen = false;
  await settle(all);
}

/** Opens streams one after the other. Once the window is over it leaves in their middle, or waits for their ends. */
async function heldStreams(run: Run, connections: Connection[], seconds: number): Promise<void> {
  run.windowOpen = false;
  const pauseMs = (run.command.rampMs ?? 0) / connections.length;
  let next = performance.now();
  for (const connection of connections) {
    connection.send(performance.now());
    next += pauseMs;
    const waitMs = next - performance.now();
    if (waitMs > 1) await sleep(waitMs);
  }
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  while (connections.some((one) => one.busy && !one.hasFirstChunk) && performance.now() < deadline)
    await sleep(5);
  const silent = connections.filter((one) => !one.hasFirstChunk).length;
  for (let i = 0; i < silent; i++) run.fail('no first chunk');
  run.windowOpen = true;
  console.log(JSON.stringify({ event: 'open', open: connections.length - silent }));
  await sleep(seconds * 1000);
  run.windowOpen = false;
  if (run.command.toEnd) return settle(connections);
  for (const connection of connections) {
    if (connection.busy) run.completed++;
    connection.destroy();
  }
}

function quantile(sorted: readonly number[], q: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? null;
}

async function execute(command: LoadCommand): Promise<LoadResult> {
  const run = new Run(command);
  const free: Connection[] = [];
  const waiting: number[] = [];
  const onIdle = (connection: Connection): void => {
    if (command.mode === 'closed') {
      if (run.windowOpen) connection.send(performance.now());
    } else if (command.mode === 'open') {
      const since = waiting.shift();
      if (since === undefined) free.push(connection);
      else connection.send(since);
    }
  };
  const connections = Array.from({ length: command.connections }, () => new Connection(run, onIdle));
  const startedAt = performance.now();
  if (command.mode === 'open') {
    free.push(...connections);
    await openLoop(run, free, waiting);
  } else if (command.mode === 'closed') await closedLoop(run, connections);
  else await heldStreams(run, connections, command.seconds);
  const tookMs = performance.now() - startedAt;
  for (const connection of connections) connection.destroy();
  const latencies = run.latenciesMs.sort((a, b) => a - b);
  const gaps = run.gapsMs.sort((a, b) => a - b);
  return {
    event: 'result',
    completed: run.completed,
    errors: run.errors,
    errorSamples: Object.fromEntries(run.samples),
    streamEvents: command.shape === 'stream' ? Math.round((run.bytes * STREAM_EVENTS) / STREAM_BYTES) : 0,
    reads: run.reads,
    tookMs,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    gapP50Ms: quantile(gaps, 0.5),
    gapP99Ms: quantile(gaps, 0.99),
  };
}

const control = createInterface({ input: process.stdin });
control.on('line', (line) => {
  void execute(JSON.parse(line) as LoadCommand).then((result) => console.log(JSON.stringify(result)));
});
control.on('close', () => process.exit(0));
