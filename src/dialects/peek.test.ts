import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectId } from '../core/dialect.ts';
import { Peek, type Peeked } from './peek.ts';

const FIXTURES = new URL('../../test/fixtures/answers/', import.meta.url);
const SSE = 'text/event-stream; charset=utf-8';
const FRAMES = 'application/vnd.amazon.eventstream';

interface Stream {
  readonly dialect: DialectId;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

const streams: Stream[] = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /stream.*\.(txt|bin)$/.test(file))
  .map((file) => ({
    dialect: file.split('/')[0] as DialectId,
    name: file,
    contentType: file.endsWith('.txt') ? SSE : FRAMES,
    bytes: readFileSync(new URL(file, FIXTURES)),
  }));

/** Verdict, and how many bytes it took, pushed in pieces of the given sizes. */
function peekAt(stream: Stream, sizes: readonly number[]): { verdict: Peeked; after: number } {
  const peek = new Peek(stream.dialect, stream.contentType);
  let at = 0;
  for (let turn = 0; at < stream.bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    const verdict = peek.push(stream.bytes.subarray(at, at + size));
    at = Math.min(stream.bytes.length, at + size);
    if (verdict !== 'pending') return { verdict, after: at };
  }
  return { verdict: 'pending', after: at };
}

const first = (dialect: DialectId, text: string): Peeked => new Peek(dialect, SSE).push(Buffer.from(text));
const event = (data: unknown, name?: string): string =>
  `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

describe('Peek', () => {
  it.each(streams.map((stream) => [stream.name, stream] as const))('decides on %s', (name, stream) => {
    const errorFirst = /error-first|throttled/.test(name);
    for (const sizes of [[1], [3], [7], [stream.bytes.length]]) {
      expect(peekAt(stream, sizes).verdict).toBe(errorFirst ? 'error' : 'content');
    }
  });

  it('decides at the same event however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...streams),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
        (stream, sizes) => {
          const fine = peekAt(stream, [1]);
          const cut = peekAt(stream, sizes);
          expect(cut.verdict).toBe(fine.verdict);
          expect(cut.after).toBeGreaterThanOrEqual(fine.after);
          expect(cut.after - fine.after).toBeLessThan(90);
        },
      ),
    );
  });

  it('takes replies that are no streams as content at once', () => {
    for (const type of ['application/json', 'audio/mpeg', '', 'application/stream+json']) {
      expect(new Peek('openai', type).push(Buffer.alloc(0))).toBe('content');
    }
  });

  it('waits through comments, pings and announcements', () => {
    expect(first('openai', ': OPENROUTER PROCESSING\n\n')).toBe('pending');
    expect(first('anthropic', event({ type: 'ping' }, 'ping'))).toBe('pending');
    expect(
      first('anthropic', event({ type: 'message_start', message: { usage: {} } }, 'message_start')),
    ).toBe('pending');
    expect(first('openai', event({ type: 'response.created', response: { error: null } }))).toBe('pending');
    expect(first('openai', event({ choices: [], prompt_filter_results: [] }))).toBe('pending');
    for (const delta of [{ role: 'assistant' }, { role: 'assistant', content: '', refusal: null }]) {
      expect(first('openai', event({ choices: [{ delta, finish_reason: null }] }))).toBe('pending');
    }
    expect(first('openai', event({ choices: [{ delta: { content: '' }, finish_reason: 'stop' }] }))).toBe(
      'content',
    );
    for (const opening of [
      { type: 'content_block_start', content_block: { type: 'text', text: '' } },
      { type: 'content_block_start', content_block: { type: 'thinking', thinking: '', signature: '' } },
      { type: 'content-start', delta: { message: { content: { type: 'text', text: '' } } } },
      { type: 'response.output_item.added', item: { type: 'message', content: [] } },
      { type: 'response.content_part.added', part: { type: 'output_text', text: '' } },
    ]) {
      expect(first('anthropic', event(opening))).toBe('pending');
    }
    const tool = { type: 'tool_use', id: 't', name: 'weather', input: {} };
    expect(first('anthropic', event({ type: 'content_block_start', content_block: tool }))).toBe('content');
    const call = { type: 'function_call', name: 'weather', arguments: '' };
    expect(first('openai', event({ type: 'response.output_item.added', item: call }))).toBe('content');
    expect(first('google', event({ usageMetadata: { promptTokenCount: 1 } }))).toBe('pending');
    expect(first('cohere', event({ type: 'message-start', id: 'm' }))).toBe('pending');
  });

  it('sees an error that comes in place of content', () => {
    const start = event({ type: 'message_start', message: {} }, 'message_start');
    const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(first('anthropic', start + event(overloaded, 'error'))).toBe('error');
    expect(first('anthropic', event(overloaded))).toBe('error');
    expect(first('openai', event({ error: { message: 'busy', type: 'server_error' } }))).toBe('error');
    expect(first('openai', event({ error: 'busy' }))).toBe('error');
    expect(first('openai', event({ object: 'error', message: 'busy', type: 'internal_server_error' }))).toBe(
      'error',
    );
    expect(first('openai', event({ type: 'response.failed', response: { error: { code: 'x' } } }))).toBe(
      'error',
    );
    expect(first('openai', event({ type: 'error', code: 'rate_limit_exceeded', message: 'm' }))).toBe(
      'error',
    );
    expect(first('openai', event({ x_groq: { error: 'over capacity' } }))).toBe('error');
    expect(first('google', event({ error: { code: 503, status: 'UNAVAILABLE' } }))).toBe('error');
    expect(first('cohere', event({ type: 'message-end', delta: { finish_reason: 'ERROR' } }))).toBe('error');
    expect(first('workers-ai', event({ errors: [{ code: 7000, message: 'no' }] }))).toBe('error');
    expect(first('replicate', event({ reason: 'error' }, 'done'))).toBe('error');
    expect(first('opaque', event('it broke', 'error'))).toBe('error');
  });

  it('takes an error after content for the client to see', () => {
    const chunk = event({ choices: [{ delta: { role: 'assistant', content: 'Hi' } }] });
    expect(first('openai', chunk + event({ error: { message: 'late' } }))).toBe('content');
  });

  it('does not take the words of an answer for an error', () => {
    const text = '{"error":{"type":"overloaded_error"}}';
    expect(first('openai', event({ choices: [{ delta: { content: text } }] }))).toBe('content');
    expect(first('replicate', event(`said: ${text}`, 'output'))).toBe('content');
  });

  it('keeps to its first verdict and gives up waiting after 256 KiB', () => {
    const peek = new Peek('openai', SSE);
    const comment = Buffer.from(`: ${'x'.repeat(1000)}\n\n`);
    let pushes = 0;
    while (peek.push(comment) === 'pending') pushes++;
    expect(pushes).toBe(261);
    expect(peek.push(Buffer.from(event({ error: {} })))).toBe('content');
    const endless = new Peek('bedrock', FRAMES);
    expect(endless.push(Buffer.alloc(100, 0xff))).toBe('pending');
    expect(endless.push(Buffer.alloc(300_000, 0xff))).toBe('content');
  });

  it('stays cheap for the smallest chunks, and never throws', () => {
    const start = performance.now();
    for (const text of [':\n', '\n', 'data: {\r', 'x\n\n']) {
      const peek = new Peek('openai', SSE);
      const bytes = Buffer.from(text);
      for (let i = 0; i < 100_000 / bytes.length; i++) peek.push(bytes);
    }
    expect(performance.now() - start).toBeLessThan(2000);
    fc.assert(
      fc.property(
        fc.constantFrom<DialectId>('openai', 'anthropic', 'google', 'bedrock', 'cohere'),
        fc.constantFrom(SSE, FRAMES),
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }),
        (dialect, type, chunks) => {
          const peek = new Peek(dialect, type);
          for (const chunk of chunks) peek.push(Buffer.from(chunk));
        },
      ),
    );
  });
});
