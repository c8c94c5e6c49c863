import type { AccessStore, TokenUse } from '../core/stores/access.ts';
import type { Token } from '../core/stores/config.ts';

const FLUSH_MS = 15_000;

/**
 * When each token was last used. Noted in memory by whoever admits a request, written now and then: nobody waits for it,
 * and a crash loses at most the last seconds of it.
 */
export class TokenUses {
  readonly #store: AccessStore;
  readonly #waiting = new Map<string, { readonly token: Token; readonly use: TokenUse }>();
  readonly #timer: NodeJS.Timeout;

  constructor(store: AccessStore) {
    this.#store = store;
    this.#timer = setInterval(() => this.flush(), FLUSH_MS);
    this.#timer.unref();
  }

  note(token: Token, at: number, address: string): void {
    this.#waiting.set(`${token.account}/${token.id}`, { token, use: { at, address } });
  }

  /** By id of the token. */
  of(account: string): ReadonlyMap<string, TokenUse> {
    const uses = new Map(this.#store.tokenUses(account));
    for (const { token, use } of this.#waiting.values()) {
      if (token.account === account) uses.set(token.id, use);
    }
    return uses;
  }

  flush(): void {
    if (this.#waiting.size === 0) return;
    try {
      this.#store.putTokenUses(
        [...this.#waiting.values()].map(({ token, use }) => ({
          account: token.account,
          tokenId: token.id,
          use,
        })),
      );
      this.#waiting.clear();
    } catch {
      // A full disk: they stay here, and are tried again with the next ones.
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
