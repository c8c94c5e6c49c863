import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodySink } from '../core/reply.ts';
import { SharedBody, type SharedBodyReader } from './shared-body.ts';

const LIMIT = 100;

/** A source that is asked for more, and counts what it was asked. */
class Source {
  sink: BodySink | null = null;
  resumed = 0;
  pipe(sink: BodySink): void {
    this.sink = sink;
  }
  resume(): void {
    this.resumed++;
  }
}

class Sink implements BodySink {
  bytes = '';
  takes = true;
  state: 'open' | 'ended' | 'failed' = 'open';
  write(chunk: Buffer): boolean {
    this.bytes += chunk.toString();
    return this.takes;
  }
  end(): void {
    this.state = 'ended';
  }
  fail(): void {
    this.state = 'failed';
  }
}

function opened(): {
  source: Source;
  body: SharedBody;
  cuts: () => number;
  read(sink: Sink): SharedBodyReader;
} {
  const source = new Source();
  let cuts = 0;
  const body = new SharedBody(source, LIMIT, () => cuts++);
  const read = (sink: Sink): SharedBodyReader => {
    const reader = body.newReader(() => {});
    reader.start(sink);
    return reader;
  };
  return { source, body, cuts: () => cuts, read };
}

const ten = (letter: string): Buffer => Buffer.from(letter.repeat(10));

describe('a body for many readers', () => {
  it('starts when the first of them does', () => {
    const { source, body, read } = opened();
    body.newReader(() => {});
    expect(source.sink).toBeNull();
    read(new Sink());
    expect(source.sink).toBe(body);
  });

  it('flows while anyone takes bytes, and goes on when anyone does again', () => {
    const { source, body, read } = opened();
    const [fast, slow] = [new Sink(), new Sink()];
    slow.takes = false;
    const fastReader = read(fast);
    const slowReader = read(slow);
    expect(body.write(ten('a'))).toBe(true);
    expect(body.write(ten('b'))).toBe(true);
    expect([fast.bytes.length, slow.bytes.length]).toEqual([20, 10]);
    fast.takes = false;
    expect(body.write(ten('c'))).toBe(false);
    // The slow one is still behind when it goes on: there is nothing to be fetched for it.
    slowReader.resume();
    expect([slow.bytes, source.resumed]).toEqual([`${'a'.repeat(10)}${'b'.repeat(10)}`, 0]);
    fastReader.resume();
    expect(source.resumed).toBe(1);
  });

  it('holds a bounded part: then nobody joins, the beginning goes, and the slowest is waited for', () => {
    const { source, body, cuts, read } = opened();
    const [fast, slow] = [new Sink(), new Sink()];
    read(fast);
    slow.takes = false;
    const slowReader = read(slow);
    for (let i = 0; i < 10; i++) expect(body.write(ten('x'))).toBe(true);
    expect(cuts()).toBe(0);
    // The eleventh is over the limit; the first goes, because everybody has had it.
    expect(body.write(ten('y'))).toBe(true);
    expect([cuts(), body.at(0)]).toEqual([1, null]);
    expect(body.write(ten('z'))).toBe(false);
    expect([cuts(), source.resumed, fast.bytes.length]).toEqual([1, 0, 120]);
    slowReader.resume();
    expect([slow.bytes.length, source.resumed]).toEqual([20, 1]);
    slowReader.cancel();
    body.readerMoved();
    expect(body.write(ten('z'))).toBe(true);
    expect(body.at(10)).toBeNull();
  });

  it('a single reader holds nothing beyond the limit', () => {
    const { body, cuts, read } = opened();
    read(new Sink());
    for (let i = 0; i < 30; i++) expect(body.write(ten('x'))).toBe(true);
    expect(cuts()).toBe(1);
    for (let i = 0; i < 30; i++) expect(body.at(i)).toBeNull();
  });

  it('one that comes after the end gets everything, and the end', () => {
    const { body, read } = opened();
    const [first, second] = [new Sink(), new Sink()];
    read(first);
    body.write(ten('a'));
    body.end();
    read(second);
    expect([first.state, second.state, second.bytes]).toEqual(['ended', 'ended', first.bytes]);
  });

  it('whatever the order of writing, stopping and going on: each gets all, in order, or up to the same break', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ write: fc.boolean(), who: fc.nat(3), takes: fc.boolean() }), { maxLength: 60 }),
        fc.boolean(),
        (steps, breaks) => {
          const { body, read } = opened();
          const sinks = Array.from({ length: 4 }, () => new Sink());
          const readers = sinks.map(read);
          let sent = '';
          let flows = true;
          for (const { write, who, takes } of steps) {
            if (write) {
              const piece = String.fromCharCode(97 + (sent.length % 26)).repeat(1 + (sent.length % 17));
              // A source that was asked to pause keeps to it.
              if (!flows && sinks.every((sink) => !sink.takes)) continue;
              sent += piece;
              flows = body.write(Buffer.from(piece));
            } else {
              sinks[who]!.takes = takes;
              if (takes) readers[who]!.resume();
            }
          }
          if (breaks) body.fail(new Error('broken') as never);
          else body.end();
          for (const [index, sink] of sinks.entries()) {
            sink.takes = true;
            readers[index]!.resume();
            expect([sink.bytes, sink.state]).toEqual([sent, breaks ? 'failed' : 'ended']);
          }
        },
      ),
      { seed: 5, numRuns: 2000 },
    );
  });
});
