import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { CacheStore } from '../core/stores/cache.ts';
import type { ConfigStore } from '../core/stores/config.ts';
import type { LogStore } from '../core/stores/logs.ts';
import type { SecretStore } from '../core/stores/secrets.ts';

/** What the management API works on. */
export interface ApiServices {
  readonly config: ConfigStore;
  readonly secrets: SecretStore;
  readonly logs: LogStore;
  readonly cache: Pick<CacheStore, 'find' | 'delete' | 'purge'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ids of the providers that are built in, by each of their slugs. */
  readonly providers: ReadonlyMap<string, string>;
  /** Where clients reach the gateway, without a trailing slash: `http://127.0.0.1:8787`. */
  publicBaseUrl(request: Request): string;
  /** True for an upstream URL that may be plain http, because the operator listed its host. */
  allowInsecure(url: URL): boolean;
  /** After a gateway was made, changed or deleted: the snapshot already shows it. */
  onGatewayChanged(account: string, id: string): void;
}
