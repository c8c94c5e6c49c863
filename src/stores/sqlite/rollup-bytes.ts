const HIGH = 0x80;

/** Bytes that grow as they are written. Integers take seven bits a byte, the lowest first. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  integer(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= HIGH) {
      this.#buffer[this.#length++] = (rest % HIGH) | HIGH;
      rest = Math.floor(rest / HIGH);
    }
    this.#buffer[this.#length++] = rest;
  }

  float(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.integer(length);
    this.#reserve(length);
    this.#length += this.#buffer.write(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Valid until something more is written. */
  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + more));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

export class ByteReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  integer(): number {
    const buffer = this.#buffer;
    let byte = buffer[this.#at++]!;
    if (byte < HIGH) return byte;
    let value = byte & 0x7f;
    let scale = HIGH;
    do {
      byte = buffer[this.#at++]!;
      value += (byte & 0x7f) * scale;
      scale *= HIGH;
    } while (byte >= HIGH);
    return value;
  }

  float(): number {
    this.#at += 8;
    return this.#buffer.readDoubleLE(this.#at - 8);
  }

  /** A view of the next bytes. */
  bytes(length: number): Uint8Array {
    this.#at += length;
    return this.#buffer.subarray(this.#at - length, this.#at);
  }

  text(): string {
    const length = this.integer();
    this.#at += length;
    return this.#buffer.toString('utf8', this.#at - length, this.#at);
  }
}
