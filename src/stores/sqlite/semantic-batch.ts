import type { SemanticAnswer, SemanticEntry } from '../../core/stores/semantic.ts';
import type { BatchLine, FileMessage } from './semantic-messages.ts';
import { SEMANTIC_ROW_BYTES } from './semantic-schema.ts';

/** What an entry takes of the budget: text, vector, answer, and its share of pages and indexes. */
export function sizeOfEntry(entry: SemanticEntry, vector: Float32Array, answer: SemanticAnswer): number {
  const headers = answer.headers.reduce((sum, text) => sum + text.length + 3, 0);
  return entry.text.length + vector.byteLength + answer.body.length + headers + SEMANTIC_ROW_BYTES;
}

/** Entries that leave for the file together. */
export class SemanticBatch {
  #first = 0;
  #lines: string[] = [];
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Numbers follow each other without a gap. */
  add(
    number: number,
    size: number,
    entry: SemanticEntry,
    vector: Float32Array,
    { headers, body }: SemanticAnswer,
  ): void {
    if (this.isEmpty) this.#first = number;
    const vectorBytes = vector.byteLength;
    const line: BatchLine = { entry, headers, size, vectorBytes, bodyBytes: body.length };
    this.#lines.push(JSON.stringify(line));
    this.#pieces.push(new Uint8Array(vector.buffer, vector.byteOffset, vectorBytes), body);
    this.#bytes += vectorBytes + body.length;
  }

  /** Empties it. */
  take(): FileMessage & { readonly kind: 'put'; readonly bytes: Uint8Array<ArrayBuffer> } {
    const bytes = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    const message = { kind: 'put', first: this.#first, lines: this.#lines.join('\n'), bytes } as const;
    this.#lines = [];
    this.#pieces = [];
    this.#bytes = 0;
    return message;
  }
}
