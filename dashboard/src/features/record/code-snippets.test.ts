import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Language, type SnippetInput, snippet } from './code-snippets.ts';

const input = (patch: Partial<SnippetInput> = {}): SnippetInput => ({
  origin: 'https://gateway.example',
  account: 'default',
  gateway: 'demo',
  log: {
    method: 'POST',
    provider: 'openai',
    path: 'chat/completions',
    request_type: 'provider',
    request_content_type: 'application/json',
  },
  body: '{"model":"gpt-4o"}',
  ...patch,
});

const HOSTILE = `it's "quoted" $(touch /tmp/x) \`id\` \\ \${process.exit()} ''' """ \n\r\u2028 \u202e é 日本 😀 !x %s #{y}`;

/** What the shell gives to curl, one line of base64 for each argument. */
function argumentsOf(script: string): string[] {
  const made = execFileSync(
    'sh',
    ['-c', `curl() { for a in "$@"; do printf '%s' "$a" | base64 -w0; echo; done; }\n${script}`],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, TIDEGATE_TOKEN: 'secret' },
    },
  );
  return made
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64').toString());
}

describe('a request as code', () => {
  it('goes to this host, with a placeholder where the secret belongs', () => {
    expect(snippet('curl', input())).toBe(
      [
        "curl 'https://gateway.example/v1/default/demo/openai/chat/completions' \\",
        '  -H "cf-aig-authorization: Bearer $TIDEGATE_TOKEN" \\',
        "  -H 'content-type: application/json' \\",
        `  --data-binary '{"model":"gpt-4o"}'`,
      ].join('\n'),
    );
  });

  it('gives a hostile body to curl as one argument, to the byte', () => {
    const found = argumentsOf(snippet('curl', input({ body: HOSTILE })));
    expect(found.at(-1)).toBe(HOSTILE);
    expect(found[2]).toBe('cf-aig-authorization: Bearer secret');
  });

  it('writes a literal that JavaScript reads back, without anything invisible', () => {
    const line = /body: (".*"),$/m.exec(snippet('typescript', input({ body: HOSTILE })))?.[1] ?? '';
    expect(JSON.parse(line)).toBe(HOSTILE);
    expect(line).not.toMatch(/[\u2028\u202e]/);
  });

  it('keeps hostile paths inside the address', () => {
    const log = { ...input().log, path: `../../x'; rm -rf / #?a=b/\u202e\ud800` };
    const [url] = argumentsOf(snippet('curl', input({ log })));
    expect(url).toMatch(/^https:\/\/gateway\.example\/v1\/default\/demo\/openai\/[\x21-\x7e]+$/);
    expect(url).not.toContain('?');
  });

  it('reads a large body from a file', () => {
    for (const language of ['curl', 'python', 'typescript'] as Language[]) {
      const text = snippet(language, input({ body: 'x'.repeat(70_000) }));
      expect(text).toContain('request.json');
      expect(text.length).toBeLessThan(1000);
    }
  });

  it('sends no body and no content type where there is none, and the method that it was', () => {
    const text = snippet(
      'curl',
      input({ body: null, log: { ...input().log, method: 'GET', path: 'models' } }),
    );
    expect(text).not.toContain('content-type');
    expect(text).not.toContain('-X');
    expect(snippet('curl', input({ body: null, log: { ...input().log, method: 'DELETE' } }))).toContain(
      "-X 'DELETE'",
    );
  });

  it('sends a request of the universal endpoint to the gateway itself', () => {
    const log = { ...input().log, request_type: 'universal', provider: 'universal' };
    expect(snippet('typescript', input({ log }))).toContain('"https://gateway.example/v1/default/demo"');
  });

  it('does not let a content type out of its header', () => {
    const log = { ...input().log, request_content_type: 'a/b\r\nx-evil: 1' };
    expect(snippet('curl', input({ log }))).toContain("'content-type: application/json'");
  });
});
