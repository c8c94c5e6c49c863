import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Call } from './call.ts';
import { code, LONGEST_BODY } from './code.ts';
import { formatOf } from './formats/formats.ts';

const base = 'https://gateway.example/v1/acc/gw';
const call = (
  provider: string,
  path: string,
  body: Record<string, unknown>,
  more: Partial<Call> = {},
): Call => ({
  provider,
  path,
  query: '',
  headers: {},
  body,
  format: formatOf('openai')!,
  ...more,
});
const hostile = `it's "$(id)" \`id\`\n</script> \u202E 😀`;
const body = { model: 'm', messages: [{ role: 'user', content: hostile }], stream: true, n: null };
const chat = call('openai', 'chat/completions', body);

describe('a request as code', () => {
  it('is a shell command in which the body comes out as it is', () => {
    const text = code('curl', { baseAddress: base, call: chat }).replace(/^curl /, 'printf "%s\\n" ');
    const words = execFileSync('sh', ['-c', text], { encoding: 'utf8', env: { TIDEGATE_TOKEN: 'tok' } });
    expect(words).toContain(`${base}/openai/chat/completions\n`);
    expect(words).toContain('cf-aig-authorization: Bearer tok');
    expect(JSON.parse(words.slice(words.indexOf('\n{')))).toEqual(body);
  });

  it('uses the client library of the format, with the gateway token in place of a key', () => {
    const python = code('python', { baseAddress: base, call: chat });
    expect(python).toContain(`base_url="${base}/openai"`);
    expect(python).toContain('api_key=os.environ["TIDEGATE_TOKEN"]');
    expect(python).toContain('client.chat.completions.create(');
    expect(python).toContain('    n=None,');
    expect(python).toContain('for event in answer:');
    const script = code('typescript', {
      baseAddress: base,
      call: call(
        'anthropic',
        'v1/messages',
        { model: 'm' },
        { headers: { 'anthropic-version': '2023-06-01' } },
      ),
    });
    expect(script).toContain("from '@anthropic-ai/sdk'");
    expect(script).toContain(`baseURL: "${base}/anthropic"`);
    expect(script).toContain('client.messages.create({');
  });

  it('is plain HTTP where there is no such library, with headers and query', () => {
    const google = call(
      'google-ai-studio',
      'v1beta/models/m:streamGenerateContent',
      {},
      { query: '?alt=sse' },
    );
    const url = `${base}/google-ai-studio/v1beta/models/m:streamGenerateContent?alt=sse`;
    for (const language of ['curl', 'python', 'typescript'] as const) {
      const text = code(language, { baseAddress: base, call: google });
      expect(text).toContain(url);
      expect(text).toContain('cf-aig-authorization');
    }
  });

  it('shows what would be invisible, and reads a long body from a file', () => {
    for (const language of ['python', 'typescript'] as const) {
      const text = code(language, { baseAddress: base, call: chat });
      expect(text).toContain('\\u202e');
      expect(text).not.toContain('\u202E');
    }
    const long = call('openai', 'chat/completions', { model: 'x'.repeat(LONGEST_BODY) });
    for (const language of ['curl', 'python', 'typescript'] as const) {
      const text = code(language, { baseAddress: base, call: long });
      expect(text).toContain('request.json');
      expect(text.length).toBeLessThan(1000);
    }
  });
});
