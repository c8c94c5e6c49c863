import type { IncomingMessage } from 'node:http';
import { TokenUses } from '../config/token-uses.ts';
import { clientAddress, isHttps } from '../core/forwarded.ts';
import type { AccessStore } from '../core/stores/access.ts';
import type { Token } from '../core/stores/config.ts';
import { openAccessStore } from '../stores/sqlite/access.ts';

export interface Access {
  readonly store: AccessStore;
  readonly tokenUses: TokenUses;
  /** Notes that a request was let in with that token. */
  noteRequest(token: Token, atMs: number, request: IncomingMessage): void;
  /** Where the sender of that request reaches the gateway. */
  publicBaseUrl(request: Request): string;
  close(): void;
}

/** Sign-ins, when tokens were last used, and what is believed of a proxy in front. */
export function openAccess(path: string, nowMs: number, trustProxy: boolean): Access {
  const store = openAccessStore(path, nowMs);
  const tokenUses = new TokenUses(store);
  return {
    store,
    tokenUses,
    noteRequest(token, atMs, request) {
      const forwarded = trustProxy ? (request.headers['x-forwarded-for']?.toString() ?? null) : null;
      // A request that was given up while it was still arriving has no socket any more, whatever its type says.
      const socket = request.socket as IncomingMessage['socket'] | null;
      tokenUses.note(token, atMs, clientAddress(forwarded, socket?.remoteAddress ?? '', trustProxy));
    },
    publicBaseUrl(request) {
      const scheme = isHttps(request.headers.get('x-forwarded-proto'), trustProxy) ? 'https' : 'http';
      return `${scheme}://${new URL(request.url).host}`;
    },
    close() {
      tokenUses.close();
      store.close();
    },
  };
}
