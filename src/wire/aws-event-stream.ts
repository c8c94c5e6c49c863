import { crc32 } from 'node:zlib';

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
/** A frame's payload is at most 24 MiB and its headers 128 KiB; a longer one is garbage that looks like a length. */
const LARGEST_FRAME_BYTES = 25 * 1024 * 1024;
/** Bytes of the value by header type: two booleans, byte, short, integer, long; timestamp and uuid further below. */
const FIXED_SIZES: readonly (number | null)[] = [0, 0, 1, 2, 4, 8, null, null, 8, 16];

export interface AwsFrame {
  /** Headers of text type, which are those that say what a frame is; others are passed over. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * Start and end of each whole frame of `application/vnd.amazon.eventstream`, found by hopping over lengths without
 * looking into frames. Ends at a truncated last frame and at garbage.
 */
export function findFrames(bytes: Buffer, from = 0, to = bytes.length): [number, number][] {
  const frames: [number, number][] = [];
  let at = from;
  for (;;) {
    const end = frameEnd(bytes, at, to);
    if (end < 0) return frames;
    frames.push([at, end]);
    at = end;
  }
}

/** Offset after the frame at `at`; -1 when no whole frame is there. */
export function frameEnd(bytes: Buffer, at: number, to: number): number {
  if (at < 0 || to > bytes.length || at + PRELUDE_BYTES + CRC_BYTES > to) return -1;
  const total = bytes.readUInt32BE(at);
  const headers = bytes.readUInt32BE(at + 4);
  if (total > LARGEST_FRAME_BYTES || total < PRELUDE_BYTES + CRC_BYTES + headers || at + total > to)
    return -1;
  return at + total;
}

/** Offset of the first whole frame at or after `from`, behind bytes that are missing; -1 when there is none. */
export function findNextFrame(bytes: Buffer, from: number): number {
  for (let at = from; at + PRELUDE_BYTES + CRC_BYTES <= bytes.length; at++) {
    // A frame under 16 MiB with headers under 64 KiB has zeros in these places: few offsets get past.
    if (bytes[at] !== 0 || bytes[at + 4] !== 0 || bytes[at + 5] !== 0) continue;
    if (frameEnd(bytes, at, bytes.length) < 0) continue;
    if (crc32(bytes.subarray(at, at + 8)) === bytes.readUInt32BE(at + 8)) return at;
  }
  return -1;
}

/** The frame at `at`; null when it is not whole, or when its checksums or headers are not right. */
export function decodeFrame(bytes: Buffer, at: number, to = bytes.length): AwsFrame | null {
  const end = frameEnd(bytes, at, to);
  if (end < 0) return null;
  if (crc32(bytes.subarray(at, at + 8)) !== bytes.readUInt32BE(at + 8)) return null;
  if (crc32(bytes.subarray(at, end - CRC_BYTES)) !== bytes.readUInt32BE(end - CRC_BYTES)) return null;
  const payloadAt = at + PRELUDE_BYTES + bytes.readUInt32BE(at + 4);
  const headers = readHeaders(bytes, at + PRELUDE_BYTES, payloadAt);
  return headers && { headers, payload: bytes.subarray(payloadAt, end - CRC_BYTES), start: at, end };
}

/** Frames one after the other, up to the first that is not right. */
export function* decodeFrames(bytes: Buffer, from = 0, to = bytes.length): Generator<AwsFrame> {
  let at = from;
  for (;;) {
    const frame = decodeFrame(bytes, at, to);
    if (!frame) return;
    yield frame;
    at = frame.end;
  }
}

function readHeaders(bytes: Buffer, from: number, to: number): Record<string, string> | null {
  const headers: Record<string, string> = Object.create(null);
  let at = from;
  while (at < to) {
    const nameEnd = at + 1 + bytes[at]!;
    if (nameEnd >= to) return null;
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const type = bytes[nameEnd]!;
    at = nameEnd + 1;
    const fixed = FIXED_SIZES[type];
    if (fixed === undefined) return null;
    if (fixed !== null) {
      at += fixed;
    } else {
      if (at + 2 > to) return null;
      const valueEnd = at + 2 + bytes.readUInt16BE(at);
      if (valueEnd > to) return null;
      if (type === 7) headers[name] = bytes.toString('utf8', at + 2, valueEnd);
      at = valueEnd;
    }
  }
  return at === to ? headers : null;
}
