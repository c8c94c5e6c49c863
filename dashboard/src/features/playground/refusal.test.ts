import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal.ts';

const ofGateway = (code: number, message: string): string =>
  JSON.stringify({ success: false, error: [{ code, message }], internalCode: code, name: 'AiGatewayError' });

describe('a refusal', () => {
  it('of the gateway is said in its words, with the next step', () => {
    expect(refusalOf(400, ofGateway(2040, 'No credential'), true)).toEqual({
      message: 'No credential',
      next: 'key',
    });
    expect(refusalOf(429, ofGateway(2003, 'Limited'), true)).toEqual({ message: 'Limited', next: 'limits' });
    expect(refusalOf(400, ofGateway(2005, 'Unreachable'), true)).toEqual({
      message: 'Unreachable',
      next: null,
    });
  });

  it('of the management API is told apart: it has no record', () => {
    const body = '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"result":null}';
    expect(refusalOf(401, body, false)).toEqual({ message: 'Authentication error', next: 'sign-in' });
    expect(refusalOf(403, body, false).next).toBeNull();
  });

  it('of a provider is found in whatever form it has', () => {
    const bodies = [
      '{"error":{"message":"no","type":"x"}}',
      '{"type":"error","error":{"type":"x","message":"no"}}',
      '[{"error":{"code":400,"message":"no"}}]',
      '{"message":"no"}',
      '{"error":"no"}',
      '{"detail":"no"}',
      ' no ',
    ];
    for (const body of bodies) expect(refusalOf(400, body, true).message).toBe('no');
    expect(refusalOf(502, '<h1>bad</h1>', true).message).toBe('<h1>bad</h1>');
    expect(refusalOf(500, 'x'.repeat(9000), true).message).toHaveLength(2001);
  });

  it('of a provider says what can be done about it', () => {
    const next = (status: number) => refusalOf(status, '{}', true).next;
    expect([401, 403, 404, 429, 529, 400].map(next)).toEqual([
      'other-key',
      'other-key',
      'model',
      'wait',
      'wait',
      null,
    ]);
  });
});
