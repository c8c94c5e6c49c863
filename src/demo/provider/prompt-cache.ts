import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';

/** A piece of a prompt, in order: tools, system, each message or block. */
export interface PromptPart {
  readonly text: string;
  readonly tokens: number;
  /** Anthropic and Bedrock: the prefix up to and with this part is to be cached for that long. */
  readonly breakpoint?: '5m' | '1h' | null;
}

export interface CacheUse {
  readonly readTokens: number;
  readonly write5mTokens: number;
  readonly write1hTokens: number;
}

const MINUTE_MS = 60_000;
const MAX_PREFIXES = 20_000;

/**
 * The provider's own prompt cache, as users see it in usage figures: a prefix that was sent before, by the same
 * credential, to the same model, is read from the cache.
 */
export class PromptCache {
  readonly #expiry = new Map<string, number>();
  readonly #clock: Clock;
  readonly #minTokens: number;

  constructor(clock: Clock, minTokens: number) {
    this.#clock = clock;
    this.#minTokens = minTokens;
  }

  clear(): void {
    this.#expiry.clear();
  }

  /** OpenAI, Google and their like: every prefix is remembered for ten minutes. Returns the tokens read. */
  automatic(scope: string, parts: readonly PromptPart[]): number {
    return this.#walk(scope, parts, () => '5m', 2).readTokens;
  }

  /** Anthropic and Bedrock: only marked prefixes are remembered. Each use renews them. */
  marked(scope: string, parts: readonly PromptPart[]): CacheUse {
    return this.#walk(scope, parts, (part) => part.breakpoint ?? null, 1);
  }

  #walk(
    scope: string,
    parts: readonly PromptPart[],
    mark: (part: PromptPart) => '5m' | '1h' | null,
    factor: number,
  ): CacheUse {
    const now = this.#clock.now();
    const hash = createHash('sha1').update(scope);
    let tokens = 0;
    let readTokens = 0;
    let write5mTokens = 0;
    let write1hTokens = 0;
    let counted = 0;
    for (const part of parts) {
      hash.update(`${part.text.length}:`).update(part.text);
      tokens += part.tokens;
      const kind = mark(part);
      if (!kind || tokens < this.#minTokens) continue;
      const key = hash.copy().digest('base64');
      if ((this.#expiry.get(key) ?? 0) > now) {
        readTokens = tokens;
        counted = tokens;
        write5mTokens = 0;
        write1hTokens = 0;
      } else if (kind === '1h') {
        write1hTokens += tokens - counted;
        counted = tokens;
      } else {
        write5mTokens += tokens - counted;
        counted = tokens;
      }
      this.#expiry.delete(key);
      this.#expiry.set(key, now + (kind === '1h' ? 60 : 5 * factor) * MINUTE_MS);
    }
    for (const oldest of this.#expiry.keys()) {
      if (this.#expiry.size <= MAX_PREFIXES) break;
      this.#expiry.delete(oldest);
    }
    return { readTokens, write5mTokens, write1hTokens };
  }
}
