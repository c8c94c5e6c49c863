import { describe, expect, it } from 'vitest';
import { GatewayError } from './errors.ts';
import { type BodyOutcome, type BodySink, type BodySource, BytesSource, Reply } from './reply.ts';

class HandSource implements BodySource {
  sink: BodySink | null = null;
  cancelled = false;
  resumed = 0;
  start(sink: BodySink): void {
    this.sink = sink;
  }
  resume(): void {
    this.resumed++;
  }
  cancel(): void {
    this.cancelled = true;
  }
}

function collector(): BodySink & { text: string; ended: string } {
  return {
    text: '',
    ended: '',
    write(chunk) {
      this.text += chunk.toString();
      return true;
    },
    end() {
      this.ended += 'end';
    },
    fail(error) {
      this.ended += `fail ${error.kind}`;
    },
  };
}

describe('Reply', () => {
  it('ends every tap exactly once, whatever comes after the end', () => {
    const source = new HandSource();
    const outcomes: BodyOutcome[] = [];
    const reply = new Reply(200, [], source).observe({ end: (outcome) => void outcomes.push(outcome) });
    const sink = collector();
    reply.pipe(sink);
    source.sink?.write(Buffer.from('a'));
    source.sink?.end();
    source.sink?.end();
    source.sink?.fail(new GatewayError('upstream-failed', 'late'));
    reply.cancel();
    expect(outcomes).toEqual(['complete']);
    expect(sink).toMatchObject({ text: 'a', ended: 'end' });
  });

  it('tells taps and source when the client leaves before anything was read', () => {
    const source = new HandSource();
    const outcomes: BodyOutcome[] = [];
    new Reply(200, [], source).observe({ end: (outcome) => void outcomes.push(outcome) }).cancel();
    expect(outcomes).toEqual(['left']);
    expect(source.cancelled).toBe(true);
  });

  it('ends at the client only after a tap that takes its time', async () => {
    const sink = collector();
    const order: string[] = [];
    const reply = new Reply(200, [], new BytesSource([Buffer.from('x')]))
      .observe({ end: () => Promise.resolve().then(() => void order.push('first')) })
      .observe({ end: () => void order.push('second') });
    reply.pipe({ ...sink, write: () => true, end: () => void order.push('client') });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(order).toEqual(['first', 'second', 'client']);
  });

  it('passes back-pressure on in both directions, through a transform too', () => {
    const source = new HandSource();
    const reply = new Reply(200, [], source).transform({
      chunk: (bytes, push) => push(Buffer.from(bytes.toString().toUpperCase())),
      end: (push) => push(Buffer.from('!')),
    });
    let isFull = true;
    const seen: string[] = [];
    reply.pipe({
      write: (chunk) => {
        seen.push(chunk.toString());
        return !isFull;
      },
      end: () => void seen.push('end'),
      fail: () => {},
    });
    expect(source.sink?.write(Buffer.from('a'))).toBe(false);
    isFull = false;
    reply.resume();
    expect(source.resumed).toBe(1);
    expect(source.sink?.write(Buffer.from('b'))).toBe(true);
    source.sink?.end();
    expect(seen).toEqual(['A', 'B', '!', 'end']);
  });

  it('replays bytes that are here no faster than they are taken', () => {
    const taken: string[] = [];
    const reply = new Reply(200, [], new BytesSource(['a', 'b', 'c'].map((text) => Buffer.from(text))));
    reply.pipe({
      write: (chunk) => taken.push(chunk.toString()) > 1,
      end: () => void taken.push('end'),
      fail: () => {},
    });
    expect(taken).toEqual(['a']);
    reply.resume();
    expect(taken).toEqual(['a', 'b', 'c', 'end']);
  });
});
