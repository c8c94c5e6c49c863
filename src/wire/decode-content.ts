import { promisify } from 'node:util';
import {
  type BrotliOptions,
  brotliDecompress,
  brotliDecompressSync,
  constants,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
  type ZstdOptions,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';

export interface DecodeLimits {
  /** No layer may give more than this. */
  readonly maxBytes: number;
  /** Nor more than this many times the bytes that came in. Not looked at below 64 KiB of output. */
  readonly maxRatio: number;
}

export interface DecodedContent {
  readonly bytes: Buffer;
  /** False when the encoded bytes end early: then `bytes` is what could be decoded before the break. */
  readonly complete: boolean;
}

const MOST_LAYERS = 3;
/** What a bomb of any ratio may give without harm; short, repetitive bodies have high ratios honestly. */
const HARMLESS_BYTES = 64 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** Frames that one zstd body may be made of: each costs a call. */
const MOST_FRAMES = 1024;

type Options = ZlibOptions & BrotliOptions & ZstdOptions;

interface Codec {
  readonly sync: (bytes: Buffer, options: Options) => unknown;
  readonly async: (bytes: Buffer, options: Options) => Promise<unknown>;
  /** The flush with which a decoder gives what it has instead of failing at an early end. */
  readonly lenient: number;
}

const GZIP: Codec = { sync: gunzipSync, async: promisify(gunzip), lenient: constants.Z_SYNC_FLUSH };
const ZLIB: Codec = { sync: inflateSync, async: promisify(inflate), lenient: constants.Z_SYNC_FLUSH };
const RAW: Codec = { sync: inflateRawSync, async: promisify(inflateRaw), lenient: constants.Z_SYNC_FLUSH };
const BROTLI: Codec = {
  sync: brotliDecompressSync,
  async: promisify(brotliDecompress),
  lenient: constants.BROTLI_OPERATION_FLUSH,
};
const ZSTD: Codec = {
  sync: zstdDecompressSync,
  async: promisify(zstdDecompress),
  lenient: constants.ZSTD_e_flush,
};

/** One call into a decoder, to be made by whoever drives the decoding: on this thread, or in the pool. */
interface Call {
  readonly codec: Codec;
  readonly bytes: Buffer;
  readonly options: Options;
}

type Outcome = { readonly result: Result } | { readonly error: unknown };

/** What zlib gives with `info`: `bytesWritten` is how much of its input a decoder took. */
interface Result {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * Removes content encodings (`gzip`, `x-gzip`, `deflate` in both of its readings, `br`, `zstd`, lists of up to three).
 * Null for an unknown encoding, for bytes that are not in it, and for what grows past a limit: of a bomb nothing is
 * given out, since nobody can say what its first bytes are worth. Never throws.
 */
export function decodeContent(bytes: Buffer, encoding: string, limits: DecodeLimits): DecodedContent | null {
  const steps = decoding(bytes, encoding, limits);
  let step = steps.next();
  while (!step.done) {
    const { codec, bytes: input, options } = step.value;
    let outcome: Outcome;
    try {
      outcome = { result: codec.sync(input, options) as Result };
    } catch (error) {
      outcome = { error };
    }
    step = steps.next(outcome);
  }
  return step.value;
}

/** The same in the thread pool. A small body is decoded faster here than handed over; a small bomb is not. */
export async function decodeContentAsync(
  bytes: Buffer,
  encoding: string,
  limits: DecodeLimits,
): Promise<DecodedContent | null> {
  const steps = decoding(bytes, encoding, limits);
  let step = steps.next();
  while (!step.done) {
    const { codec, bytes: input, options } = step.value;
    const outcome = await codec.async(input, options).then(
      (result): Outcome => ({ result: result as Result }),
      (error: unknown): Outcome => ({ error }),
    );
    step = steps.next(outcome);
  }
  return step.value;
}

type Decoding<T> = Generator<Call, T, Outcome>;

function* decoding(bytes: Buffer, encoding: string, limits: DecodeLimits): Decoding<DecodedContent | null> {
  const codecs = codecsOf(encoding);
  if (!codecs) return null;
  const maxOutputBytes = outputLimit(bytes, limits);
  let decoded: DecodedContent = { bytes, complete: true };
  for (const codecOf of codecs) {
    if (decoded.bytes.length === 0) break;
    const layer = yield* decodingLayer(decoded.bytes, codecOf(decoded.bytes), maxOutputBytes);
    if (!layer) return null;
    decoded = { bytes: layer.bytes, complete: decoded.complete && layer.complete };
  }
  return decoded;
}

function* decodingLayer(
  bytes: Buffer,
  codec: Codec,
  maxOutputBytes: number,
): Decoding<DecodedContent | null> {
  const pieces: Buffer[] = [];
  let rest = bytes;
  let room = maxOutputBytes;
  for (let frame = 0; frame < MOST_FRAMES; frame++) {
    const options: Options = { maxOutputLength: Math.max(1, room), chunkSize: CHUNK_BYTES, info: true };
    let outcome = yield { codec, bytes: rest, options };
    let complete = true;
    if ('error' in outcome) {
      if (!isEarlyEnd(outcome.error)) return null;
      complete = false;
      outcome = yield { codec, bytes: rest, options: { ...options, finishFlush: codec.lenient } };
      if ('error' in outcome) return null;
    }
    const { buffer, engine } = outcome.result;
    pieces.push(buffer);
    room -= buffer.length;
    if (room < 0) return null;
    rest = rest.subarray(engine.bytesWritten);
    // Node's decoder stops behind the first frame of a zstd body, which may have many (RFC 8878, 3.1).
    if (!complete || codec !== ZSTD || engine.bytesWritten === 0 || !startsZstdFrame(rest)) {
      return { bytes: pieces.length === 1 ? buffer : Buffer.concat(pieces), complete };
    }
  }
  return null;
}

function startsZstdFrame(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const magic = bytes.readUInt32LE(0);
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50;
}

function isEarlyEnd(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'Z_BUF_ERROR';
}

function outputLimit(bytes: Buffer, limits: DecodeLimits): number {
  const byRatio = Math.max(HARMLESS_BYTES, Math.floor(bytes.length * limits.maxRatio));
  return Math.max(1, Math.min(limits.maxBytes, byRatio));
}

/** Decoders in the order in which they are to be applied, which is the reverse of how the header lists them. */
function codecsOf(encoding: string): readonly ((bytes: Buffer) => Codec)[] | null {
  const codecs: ((bytes: Buffer) => Codec)[] = [];
  for (const part of encoding.split(',')) {
    switch (part.trim().toLowerCase()) {
      case '':
      case 'identity':
        break;
      case 'gzip':
      case 'x-gzip':
        codecs.unshift(() => GZIP);
        break;
      case 'deflate':
        codecs.unshift((bytes) => (hasZlibHeader(bytes) ? ZLIB : RAW));
        break;
      case 'br':
        codecs.unshift(() => BROTLI);
        break;
      case 'zstd':
        codecs.unshift(() => ZSTD);
        break;
      default:
        return null;
    }
    if (codecs.length > MOST_LAYERS) return null;
  }
  return codecs;
}

/** RFC 9110 means the zlib format by `deflate`; some senders leave its header out. */
function hasZlibHeader(bytes: Buffer): boolean {
  const first = bytes[0]!;
  return (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | (bytes[1] ?? 0)) % 31 === 0;
}
