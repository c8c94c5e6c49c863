import { crc32 } from 'node:zlib';
import { type ColumnValue, flattenRecord } from '../core/stores/log-columns.ts';
import type { BodyPlace, LogEntry } from '../core/stores/log-writer.ts';
import type { LogRecord, RecordBodies } from '../core/stores/logs.ts';

/**
 * A frame is one record in the spool (little-endian):
 *
 *   0  magic 'TGR1'          16  length of the request body
 *   4  flags                 20  length of the response body
 *   8  length of the head    24  CRC-32 of bytes 0–23 and of what the flags say
 *  12  length of the rest    28  head, rest, request body, response body
 *
 * The head is JSON: the record's columns, then the encodings of both bodies. The rest is the record's rest as it is.
 */
export const FRAME_HEADER_BYTES = 28;
const MAGIC = 0x31524754;
const REQUEST_KEPT = 1;
const RESPONSE_KEPT = 2;
const REQUEST_TRUNCATED = 4;
const RESPONSE_TRUNCATED = 8;
/** The checksum covers the bodies too. Not so for large ones: summing a megabyte costs as much as writing it. */
const BODIES_SUMMED = 16;
const KNOWN_FLAGS = 31;
const SUMMED_BODY_BYTES = 64 * 1024;
/** No head or rest is larger; a length above it is damage. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const BUFFER_BYTES = 256 * 1024;
const NO_ENCODINGS = ',"",""]';

export interface FrameLengths {
  readonly flags: number;
  readonly head: number;
  readonly rest: number;
  readonly request: number;
  readonly response: number;
  readonly crc: number;
  /** Of the whole frame. */
  readonly total: number;
}

/** Gathers frames in one reused buffer; the bodies of a frame that are too large to copy stay where they are. */
export class FrameEncoder {
  #buffer: Buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  /** Where in the buffer the piece begins that is not in #pieces yet, and where it ends. */
  #from = 0;
  #end = 0;
  #pieces: Buffer[] = [];

  /** Adds a frame to what take() will return, and returns its length. */
  add(segment: number, record: LogRecord, bodies: RecordBodies | null): number {
    const { columns, rest } = flattenRecord(record);
    const head = JSON.stringify(columns);
    const encodings = bodies === null ? NO_ENCODINGS : encodingsOf(bodies);

    const request = bodies?.request ?? null;
    const response = bodies?.response ?? null;
    const requestLength = request === null ? 0 : lengthOf(request);
    const responseLength = response === null ? 0 : lengthOf(response);
    const bodyLength = requestLength + responseLength;
    const summed = bodyLength <= SUMMED_BODY_BYTES;

    // UTF-8 takes at most three bytes per UTF-16 unit.
    this.#reserve(
      FRAME_HEADER_BYTES + 3 * (head.length + encodings.length + rest.length) + (summed ? bodyLength : 0),
    );
    const buffer = this.#buffer;
    const at = this.#end;
    let end = at + FRAME_HEADER_BYTES;
    // The list of columns is left open: the encodings end it.
    end += buffer.write(head, end) - 1;
    end += buffer.write(encodings, end);
    const headLength = end - at - FRAME_HEADER_BYTES;
    const restLength = buffer.write(rest, end);
    end += restLength;
    if (summed) {
      if (request !== null) end = copy(request, buffer, end);
      if (response !== null) end = copy(response, buffer, end);
    }

    let flags = summed ? BODIES_SUMMED : 0;
    if (request !== null) flags |= REQUEST_KEPT;
    if (response !== null) flags |= RESPONSE_KEPT;
    if (bodies?.requestTruncated) flags |= REQUEST_TRUNCATED;
    if (bodies?.responseTruncated) flags |= RESPONSE_TRUNCATED;
    buffer.writeUInt32LE(MAGIC, at);
    buffer.writeUInt32LE(flags, at + 4);
    buffer.writeUInt32LE(headLength, at + 8);
    buffer.writeUInt32LE(restLength, at + 12);
    buffer.writeUInt32LE(requestLength, at + 16);
    buffer.writeUInt32LE(responseLength, at + 20);
    buffer.writeUInt32LE(sumOf(segment, buffer, at, end), at + 24);
    this.#end = end;

    if (!summed) {
      this.#cut();
      if (request !== null) this.#pieces.push(...request);
      if (response !== null) this.#pieces.push(...response);
    }
    return end - at + (summed ? 0 : bodyLength);
  }

  /** The pieces of all frames since the last call, in order. They are valid until the next add(). */
  take(): Buffer[] {
    this.#cut();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#from = 0;
    this.#end = 0;
    // A single huge error message must not keep megabytes for ever.
    if (this.#buffer.length > BUFFER_BYTES * 4) this.#buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    return pieces;
  }

  #cut(): void {
    if (this.#end > this.#from) this.#pieces.push(this.#buffer.subarray(this.#from, this.#end));
    this.#from = this.#end;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    this.#cut();
    this.#buffer = Buffer.allocUnsafe(Math.max(BUFFER_BYTES, bytes));
    this.#from = 0;
    this.#end = 0;
  }
}

/** Reads the lengths of the frame at `at`; null when no frame can begin there. Needs FRAME_HEADER_BYTES bytes. */
export function decodeLengths(buffer: Buffer, at: number): FrameLengths | null {
  if (buffer.readUInt32LE(at) !== MAGIC) return null;
  const flags = buffer.readUInt32LE(at + 4);
  const head = buffer.readUInt32LE(at + 8);
  const rest = buffer.readUInt32LE(at + 12);
  if ((flags & ~KNOWN_FLAGS) !== 0 || head > MAX_TEXT_BYTES || rest > MAX_TEXT_BYTES) return null;
  const request = buffer.readUInt32LE(at + 16);
  const response = buffer.readUInt32LE(at + 20);
  const total = FRAME_HEADER_BYTES + head + rest + request + response;
  return { flags, head, rest, request, response, crc: buffer.readUInt32LE(at + 24), total };
}

/** How much of a frame must be in memory to check and decode it: large bodies need not be. */
export function neededBytes(lengths: FrameLengths): number {
  return (lengths.flags & BODIES_SUMMED) !== 0
    ? lengths.total
    : FRAME_HEADER_BYTES + lengths.head + lengths.rest;
}

export function isIntact(segment: number, buffer: Buffer, at: number, lengths: FrameLengths): boolean {
  return sumOf(segment, buffer, at, at + neededBytes(lengths)) === lengths.crc;
}

/** `address` is the place of the frame within its segment. */
export function decodeEntry(
  buffer: Buffer,
  at: number,
  lengths: FrameLengths,
  segment: number,
  address: number,
): LogEntry {
  const headEnd = at + FRAME_HEADER_BYTES + lengths.head;
  const columns = JSON.parse(buffer.toString('utf8', at + FRAME_HEADER_BYTES, headEnd)) as ColumnValue[];
  const responseEncoding = columns.pop() as string;
  const requestEncoding = columns.pop() as string;
  const rest = buffer.toString('utf8', headEnd, headEnd + lengths.rest);
  const { flags } = lengths;
  if ((flags & (REQUEST_KEPT | RESPONSE_KEPT)) === 0) return { columns, rest, bodies: null };
  const bodies: BodyPlace = {
    segment,
    at: address + FRAME_HEADER_BYTES + lengths.head + lengths.rest,
    requestLength: (flags & REQUEST_KEPT) !== 0 ? lengths.request : null,
    responseLength: (flags & RESPONSE_KEPT) !== 0 ? lengths.response : null,
    requestTruncated: (flags & REQUEST_TRUNCATED) !== 0,
    responseTruncated: (flags & RESPONSE_TRUNCATED) !== 0,
    requestEncoding,
    responseEncoding,
  };
  return { columns, rest, bodies };
}

/** The end of the head. Encodings in it are what nearly no record has. */
function encodingsOf({ requestEncoding, responseEncoding }: RecordBodies): string {
  if (requestEncoding === '' && responseEncoding === '') return NO_ENCODINGS;
  return `,${JSON.stringify(requestEncoding)},${JSON.stringify(responseEncoding)}]`;
}

/** Begins with the segment's number: bytes that look like a frame, in a body or left over, are not taken for one. */
function sumOf(segment: number, buffer: Buffer, from: number, to: number): number {
  const header = crc32(buffer.subarray(from, from + 24), segment % 0x1_0000_0000);
  return crc32(buffer.subarray(from + FRAME_HEADER_BYTES, to), header);
}

function lengthOf(chunks: readonly Buffer[]): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}

function copy(chunks: readonly Buffer[], into: Buffer, at: number): number {
  let end = at;
  for (const chunk of chunks) {
    into.set(chunk, end);
    end += chunk.length;
  }
  return end;
}
