import { describe, expect, it } from 'vitest';
import { bodyText, headerLines } from './raw-body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a body as text', () => {
  it('is what it was, with its mark of byte order and in any script', () => {
    expect(bodyText({ bytes: bytes('\ufeff{"a":"é 日本 😀"}'), type: 'application/json' })).toBe(
      '\ufeff{"a":"é 日本 😀"}',
    );
    expect(bodyText({ bytes: bytes(''), type: null })).toBe('');
  });

  it('is none for pictures and other bytes', () => {
    expect(bodyText({ bytes: Uint8Array.of(0x89, 0x50, 0, 0, 1), type: 'image/png' })).toBeNull();
    expect(bodyText({ bytes: Uint8Array.of(1, 2, 3, 4), type: 'application/json' })).toBeNull();
  });

  it('is shown when only its type says that it is none', () => {
    expect(bodyText({ bytes: bytes('hello'), type: 'application/octet-stream' })).toBe('hello');
  });
});

describe('the head of a request', () => {
  const log = {
    method: 'POST',
    path: 'chat/completions',
    provider: 'openai',
    request_content_type: 'application/json',
    response_content_type: null,
    user_agent: 'evil\r\nx-injected: 1',
    status_code: 200,
    id: 'a',
    event_id: 'a',
    cache_status: null,
    step: 0,
  };

  it('has no line that a value made', () => {
    expect(headerLines(log, 'request')).toEqual([
      'POST /openai/chat/completions',
      'content-type: application/json',
      'user-agent: evil x-injected: 1',
    ]);
  });

  it('leaves out what is not known', () => {
    expect(headerLines(log, 'response')).toEqual(['HTTP 200', 'cf-aig-log-id: a', 'cf-aig-step: 0']);
  });
});
