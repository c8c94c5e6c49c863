import type { LogObject } from '../../../src/api/contract.ts';

export type StatusTone = 'good' | 'warning' | 'bad';

type StatusFields = Pick<LogObject, 'status_code' | 'success' | 'rate_limited' | 'outcome' | 'error_type'>;

/** How it ended: refused for its number is no fault, and a 200 that broke off is no success. */
export function toneOf({ success, rate_limited: isLimited, status_code: status }: StatusFields): StatusTone {
  if (isLimited || status === 429) return 'warning';
  return success ? 'good' : 'bad';
}

/** The status in few characters: a 200 that did not end well says so. */
export function statusText({ status_code: status, success, outcome }: StatusFields): string {
  if (success || status >= 400) return String(status);
  return outcome === 'left' ? `${status} left` : `${status} failed`;
}

export type CacheMark = 'hit' | 'shared' | 'semantic' | 'provider' | 'miss' | null;

/** From the gateway's cache, else partly from the provider's. Null where neither was asked. */
export function cacheMark(
  log: Pick<LogObject, 'cached' | 'cache_kind' | 'cache_status' | 'usage_metadata'>,
): CacheMark {
  if (log.cached)
    return log.cache_kind === 'shared' || log.cache_kind === 'semantic' ? log.cache_kind : 'hit';
  if ((log.usage_metadata?.input_cached_tokens ?? 0) > 0) return 'provider';
  return log.cache_status === 'MISS' ? 'miss' : null;
}

/** Share of the input that the provider had in its cache; null where that is not known. */
export function cachedShare(log: Pick<LogObject, 'tokens_in' | 'usage_metadata'>): number | null {
  const cached = log.usage_metadata?.input_cached_tokens ?? null;
  if (cached === null || !log.tokens_in) return null;
  return Math.min(1, cached / log.tokens_in);
}

/** The tool that asked, by how it names itself: `claude-cli/1.0.0 (external)` is `claude-cli`. */
export function agentOf(userAgent: string | null): string | null {
  const name = /^[^\s/(]{1,60}/.exec(userAgent?.trim() ?? '')?.[0];
  if (name === undefined) return null;
  const known: Readonly<Record<string, string>> = {
    'claude-cli': 'Claude Code',
    'claude-code': 'Claude Code',
    codex_cli_rs: 'Codex',
    codex: 'Codex',
    opencode: 'OpenCode',
    openclaw: 'OpenClaw',
    GeminiCLI: 'Gemini CLI',
    'gemini-cli': 'Gemini CLI',
    pi: 'pi',
    OpenAI: 'OpenAI SDK',
    AsyncOpenAI: 'OpenAI SDK',
    Anthropic: 'Anthropic SDK',
    AsyncAnthropic: 'Anthropic SDK',
    curl: 'curl',
  };
  return Object.hasOwn(known, name) ? known[name]! : name;
}
