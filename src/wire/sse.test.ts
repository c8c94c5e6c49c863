import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventBoundary, sseEvents, sseEventsFromEnd } from './sse.ts';

interface Plain {
  event: string | null;
  data: string;
}

function reference(text: string, cuts: readonly number[] = []): Plain[] {
  const events: Plain[] = [];
  const parser = createParser({
    onEvent: (event) => events.push({ event: event.event ?? null, data: event.data }),
  });
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    parser.feed(text.slice(from, cut));
    from = Math.max(from, cut);
  }
  parser.feed(text.slice(from));
  return events;
}

const plain = (event: Plain): Plain => ({ event: event.event, data: event.data });
const read = (text: string) => [...sseEvents(Buffer.from(text))];
const complete = (text: string) =>
  read(text)
    .filter((event) => event.complete)
    .map(plain);

const line = fc.oneof(
  fc.constantFrom('data', 'data:', 'data: ', 'data:  x', 'data: {"a":1}', 'event: ping', 'event:', 'event'),
  fc.constantFrom(': comment', ':', 'id: 7', 'retry: 10', 'unknown: x', 'datax: y', '', 'dat', 'data : z'),
  fc.string({ maxLength: 80 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => `event: ${text.replace(/[\r\n]/g, '')}`),
);
const stream = (ends: readonly string[]) =>
  fc
    .array(fc.tuple(line, fc.constantFrom(...ends)), { maxLength: 30 })
    .map((lines) => lines.map(([text, end]) => text + end).join(''));
// Chunks that end in a lone \r are left to our own tests: the reference waits there for the byte after it.
const anyStream = fc.oneof(
  stream(['\n', '\n\n']),
  stream(['\r\n', '\r\n\r\n']),
  stream(['\n', '\r\n', '\n\n']),
);

describe('sseEvents', () => {
  it('reads what the reference parser reads, whatever the line ends', () => {
    fc.assert(
      fc.property(anyStream, fc.array(fc.nat(400), { maxLength: 5 }), (text, cuts) => {
        expect(complete(text)).toEqual(reference(text, cuts));
      }),
      { numRuns: 600 },
    );
  });

  it('reads lone carriage returns like line feeds', () => {
    fc.assert(
      fc.property(stream(['\r', '\r\r']), (text) => {
        expect(complete(text)).toEqual(reference(text.replaceAll('\r', '\n')));
      }),
    );
  });

  it('joins data lines, skips comments and a byte order mark, and drops events without data', () => {
    expect(complete('\ufeffdata: a\ndata:b\n: no\nevent: x\n\nevent: y\n\n:\n\ndata\n\n')).toEqual([
      { event: 'x', data: 'a\nb' },
      { event: null, data: '' },
    ]);
  });

  it('marks a last event without its empty line as not complete', () => {
    const events = read('data: a\n\ndata: [DONE]\n');
    expect(events.map((event) => [event.data, event.complete])).toEqual([
      ['a', true],
      ['[DONE]', false],
    ]);
    expect(read('data: a\n\ndata: {"x').map((event) => event.data)).toEqual(['a', '{"x']);
  });

  it('gives offsets that cover the event', () => {
    const text = 'data: a\n\n: c\n\ndata: b\n\n';
    expect(read(text).map((event) => text.slice(event.start, event.end))).toEqual([
      'data: a\n\n',
      'data: b\n\n',
    ]);
  });

  it('gives the bytes of the data', () => {
    expect(read('data: é\n\n')[0]!.dataBytes.toString()).toBe('é');
    expect(read('data: é\ndata: f\n\n')[0]!.dataBytes.toString()).toBe('é\nf');
  });
});

describe('sseEventsFromEnd', () => {
  it('gives the same events, backward', () => {
    fc.assert(
      fc.property(fc.oneof(anyStream, stream(['\r', '\n', '\r\n', '\n\n', '\r\r'])), (text) => {
        const bytes = Buffer.from(text);
        const facts = (event: { start: number; end: number; data: string; complete: boolean }) => [
          event.start,
          event.end,
          event.data,
          event.complete,
        ];
        expect([...sseEventsFromEnd(bytes)].map(facts).reverse()).toEqual([...sseEvents(bytes)].map(facts));
      }),
      { numRuns: 600 },
    );
  });

  it('leaves out what may be the rest of an event behind a gap', () => {
    const bytes = Buffer.from('data: first\n\nest of one\n\ndata: b\n\ndata: c\n\n');
    expect([...sseEventsFromEnd(bytes, 13)].map((event) => event.data)).toEqual(['c', 'b']);
  });
});

describe('EventBoundary', () => {
  it('knows after every chunk whether the stream stands between two events', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyStream, stream(['\r', '\n', '\r\n', '\n\n', '\r\r'])),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 }),
        (text, sizes) => {
          const bytes = Buffer.from(text);
          const boundary = new EventBoundary();
          expect(boundary.atBoundary).toBe(true);
          let at = 0;
          for (let turn = 0; at < bytes.length; turn++) {
            const size = sizes[turn % sizes.length]! + (turn % sizes.length === 0 ? 1 : 0);
            boundary.push(bytes.subarray(at, at + size));
            at = Math.min(bytes.length, at + size);
            const seen = bytes.subarray(0, at).toString('latin1');
            expect(boundary.atBoundary).toBe(
              /(^|\r\n|\n|\r)(\r\n|\n|\r)$|^$/.test(seen) && !/[^\r\n]\r\n$/.test(seen),
            );
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is not fooled by a line end that is split over chunks', () => {
    const boundary = new EventBoundary();
    const pushed = (text: string): boolean => {
      boundary.push(Buffer.from(text));
      return boundary.atBoundary;
    };
    expect(pushed('data: a\r')).toBe(false);
    expect(pushed('\n')).toBe(false);
    expect(pushed('\r\n')).toBe(true);
    expect(pushed('data: b\n')).toBe(false);
    expect(pushed('\n')).toBe(true);
    expect(pushed(':')).toBe(false);
  });
});
