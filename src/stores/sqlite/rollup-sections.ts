import { type BlockEntry, encodeBlock, OTHER } from './rollup-block.ts';
import { ByteReader, ByteWriter } from './rollup-bytes.ts';

const FLAT = 1;
const FORMAT = 2;

/** A block of facets in bytes: a block per dimension, so that whoever asks for one reads no other. */
export function encodeSections(entries: Iterable<BlockEntry>): Uint8Array {
  const sections = Map.groupBy(entries, ({ key }) => key[0]!);
  const bytes = new ByteWriter();
  bytes.integer(FORMAT);
  bytes.integer(sections.size);
  for (const [dimension, own] of sections) {
    const block = encodeBlock(own, own.length);
    bytes.text(dimension);
    bytes.integer(block.length);
    bytes.bytes(block);
  }
  return bytes.written().slice();
}

/** The blocks within it: of all dimensions, or of one and of those that were not kept apart. */
export function* readSections(bytes: Uint8Array, dimension: string | null): Generator<Uint8Array> {
  const reader = new ByteReader(bytes);
  const format = reader.integer();
  // Written before there were sections: all dimensions in one.
  if (format === FLAT) return yield bytes;
  if (format !== FORMAT) throw new Error(`a block of facets has the unknown format ${format}`);
  for (let left = reader.integer(); left > 0; left--) {
    const name = reader.text();
    const block = reader.bytes(reader.integer());
    if (dimension === null || name === dimension || name === OTHER) yield block;
  }
}
