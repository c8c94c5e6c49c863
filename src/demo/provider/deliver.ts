import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { constants, createGzip, gzipSync } from 'node:zlib';
import type { Answer, Frame } from './answer.ts';
import type { Fault } from './fault.ts';
import type { Entry } from './journal.ts';

export interface Timing {
  /** From the end of the request to the first token. */
  readonly firstTokenMs: number;
  readonly tokenMs: number;
}

export interface Delivery {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: Entry;
  readonly fault: Fault;
  readonly timing: Timing;
  /** Aborted when the client leaves or the provider closes: every wait ends with it. */
  readonly gone: AbortSignal;
  /** Called before this side breaks the connection, so that it is not taken for the client leaving. */
  breaking(): void;
  /** The error event of the family, for `errorEvent`. */
  errorFrame(): Buffer;
}

/** Puts an answer on the wire, with the timing of a model and with what the script says goes wrong. */
export async function deliver(answer: Answer, delivery: Delivery): Promise<void> {
  const { response, fault, timing, gone } = delivery;
  await pause((fault.delayMs ?? 0) + timing.firstTokenMs, gone);
  if (answer.kind === 'whole') await pause(timing.tokenMs * answer.tokens, gone);
  if (fault.hang === true) await untilGone(gone);
  if (fault.cut === true || fault.reset === true) return breakOff(delivery);
  if (fault.garbage) {
    delivery.breaking();
    response.socket?.end('\u0000\u0001 this is not HTTP \r\n\r\n<<<>>>\r\n', 'latin1');
    return;
  }
  const headers = headersFor(answer, delivery);
  const frames = framesFor(answer, delivery, headers);
  delivery.entry.status = answer.status;
  response.writeHead(answer.status, headers);
  response.flushHeaders();
  if (delivery.request.method === 'HEAD') {
    response.end();
    return;
  }
  const zipped = headers['content-encoding'] === 'gzip' && fault.bombBytes === undefined;
  await sendFrames(
    frames,
    answer.kind === 'stream' ? timing.tokenMs : 0,
    delivery,
    zipped ? gzipper() : null,
  );
}

function headersFor(answer: Answer, delivery: Delivery): Record<string, string | string[]> {
  const { fault, request } = delivery;
  const headers: Record<string, string | string[]> = { ...answer.headers };
  if (fault.contentType !== undefined) headers['content-type'] = fault.contentType;
  if (fault.headerBytes !== undefined) {
    for (let i = 0; i * 1000 < fault.headerBytes; i++) headers[`x-filler-${i}`] = 'f'.repeat(980);
  }
  if (fault.bombBytes !== undefined) headers['content-encoding'] = 'gzip';
  else if (fault.gzip && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    headers['content-encoding'] = 'gzip';
    headers.vary = 'accept-encoding';
  }
  return headers;
}

/** A whole answer is cut into four pieces, so that faults that count events have something to count. */
function quarters(body: Buffer): Frame[] {
  const size = Math.max(1, Math.ceil(body.length / 4));
  const frames: Frame[] = [];
  for (let at = 0; at < body.length; at += size) {
    frames.push({ bytes: body.subarray(at, at + size), content: true });
  }
  return frames;
}

function framesFor(
  answer: Answer,
  delivery: Delivery,
  headers: Record<string, string | string[]>,
): readonly Frame[] {
  const { fault } = delivery;
  const counts = [fault.cut, fault.reset, fault.hang].some((value) => typeof value === 'number');
  let frames: Frame[];
  if (fault.bombBytes !== undefined) {
    frames = [{ bytes: bomb(fault.bombBytes), content: true }];
  } else if (answer.kind === 'whole') {
    frames = counts || fault.endless ? quarters(answer.body) : [{ bytes: answer.body, content: true }];
  } else {
    frames = [...answer.frames];
  }
  if (fault.hugeLineBytes !== undefined) {
    const first = answer.kind === 'whole' ? 0 : frames.findIndex((frame) => frame.content);
    frames.splice(Math.max(0, first), 0, hugeLine(answer, fault.hugeLineBytes));
  }
  if (fault.errorEvent !== undefined && answer.kind === 'stream') {
    frames = failAfter(frames, fault.errorEvent, delivery.errorFrame());
  }
  if (answer.kind === 'whole' || fault.lengthError !== undefined) {
    const length = frames.reduce((sum, frame) => sum + frame.bytes.length, 0) + (fault.lengthError ?? 0);
    if (!fault.endless && (headers['content-encoding'] === undefined || fault.bombBytes !== undefined)) {
      headers['content-length'] = String(Math.max(0, length));
    }
  }
  return frames;
}

/** Keeps the frames up to and with the n-th content event, then the error, then nothing. */
function failAfter(frames: readonly Frame[], count: number, error: Buffer): Frame[] {
  const kept: Frame[] = [];
  let seen = 0;
  for (const frame of frames) {
    if (frame.content && seen === count) break;
    if (frame.content) seen++;
    kept.push(frame);
    if (frame.content && seen === count) break;
  }
  return [...kept, { bytes: error, content: false }];
}

/** White space before JSON, a data line in an event stream: long, and lawful. */
function hugeLine(answer: Answer, bytes: number): Frame {
  if (answer.kind === 'whole') return { bytes: Buffer.alloc(bytes, ' '), content: false };
  const head = Buffer.from('data: {"object":"filler","choices":[],"filler":"');
  return { bytes: Buffer.concat([head, Buffer.alloc(bytes, 'x'), Buffer.from('"}\n\n')]), content: false };
}

function bomb(bytes: number): Buffer {
  const text = Buffer.alloc(Math.max(16, bytes), ' ');
  text.write('{"filler":"', 0, 'latin1');
  text.write('"}', text.length - 2, 'latin1');
  return gzipSync(text, { level: 9 });
}

type Zip = (bytes: Buffer | null) => Promise<Buffer>;

/** Compresses event by event: every call gives bytes from which all that was put in can be read. */
function gzipper(): Zip {
  const gzip = createGzip();
  const out: Buffer[] = [];
  gzip.on('data', (bytes: Buffer) => out.push(bytes));
  return (bytes) =>
    new Promise((resolve) => {
      const done = (): void => resolve(Buffer.concat(out.splice(0)));
      if (bytes === null) gzip.end().once('end', done);
      else {
        gzip.write(bytes);
        gzip.flush(constants.Z_SYNC_FLUSH, done);
      }
    });
}

async function sendFrames(
  frames: readonly Frame[],
  tokenMs: number,
  delivery: Delivery,
  zip: Zip | null,
): Promise<void> {
  const { response, fault, entry, gone } = delivery;
  let isFirst = true;
  const send = async (frame: Frame): Promise<void> => {
    if (frame.content && !isFirst) await pause(tokenMs, gone);
    if (frame.content) isFirst = false;
    await write(delivery, zip ? await zip(frame.bytes) : frame.bytes);
    entry.framesSent++;
  };
  const stopAt = [fault.cut, fault.reset, fault.hang].find((value) => typeof value === 'number');
  for (const frame of frames) {
    if (stopAt !== undefined && entry.framesSent >= Number(stopAt)) break;
    await send(frame);
    if (frames.length > 1) await nextTurn(undefined, { signal: gone });
    if (fault.endless && frame === frames.findLast((candidate) => candidate.content)) break;
  }
  if (typeof fault.hang === 'number') await untilGone(gone);
  if (typeof fault.cut === 'number' || typeof fault.reset === 'number') return breakOff(delivery);
  const again = frames.filter((frame) => frame.content);
  while (fault.endless) {
    for (const frame of again.length > 0 ? again : frames) {
      await send(frame);
      await nextTurn(undefined, { signal: gone });
    }
  }
  if (zip) await write(delivery, await zip(null));
  if ((fault.lengthError ?? 0) > 0) return breakOff(delivery);
  const { socket } = response;
  response.end(() => {
    // The promise of keep-alive stands in the headers; the connection goes all the same.
    if (fault.earlyClose || fault.lengthError !== undefined) socket?.destroySoon();
  });
}

/** Ends when the bytes may be followed by more. */
async function write(delivery: Delivery, bytes: Buffer): Promise<void> {
  const { response, fault, entry, gone } = delivery;
  entry.keep(bytes);
  if (fault.dripMs !== undefined) {
    for (let i = 0; i < bytes.length; i++) {
      response.write(bytes.subarray(i, i + 1));
      await pause(fault.dripMs, gone);
    }
    return;
  }
  if (response.write(bytes)) return;
  await new Promise<void>((resolve, reject) => {
    const leave = (): void => reject(gone.reason);
    if (gone.aborted) return leave();
    gone.addEventListener('abort', leave, { once: true });
    response.once('drain', () => {
      gone.removeEventListener('abort', leave);
      resolve();
    });
  });
}

/** Breaks the connection once what was written has left this process. */
async function breakOff(delivery: Delivery): Promise<void> {
  const { response, fault } = delivery;
  const { socket } = response;
  if (!socket) return;
  delivery.breaking();
  while (socket.writableLength > 0 && !socket.destroyed) await nextTurn();
  if (fault.reset === undefined) {
    socket.destroy();
    return;
  }
  // A reset throws away what the other side has not read yet: give it a moment for what came before.
  if (typeof fault.reset === 'number') await sleep(20);
  socket.resetAndDestroy();
}

async function pause(ms: number, gone: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal: gone });
}

function untilGone(gone: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (gone.aborted) reject(gone.reason);
    else gone.addEventListener('abort', () => reject(gone.reason), { once: true });
  });
}
