import type { ResolvedSetting } from '../config/settings.ts';
import type { TokenUses } from '../config/token-uses.ts';
import type { Clock } from '../core/clock.ts';
import type { ConversationStore } from '../core/conversation.ts';
import type { EvaluationDesk } from '../core/evaluation-desk.ts';
import type { CallGateway, PrepareReplay } from '../core/inside-call.ts';
import type { Logger } from '../core/logger.ts';
import type { SemanticDesk } from '../core/semantic-tier.ts';
import type { AccessStore } from '../core/stores/access.ts';
import type { AnalyticsStore } from '../core/stores/analytics.ts';
import type { CacheStore } from '../core/stores/cache.ts';
import type { ConfigStore, Gateway, StoredKey, Token } from '../core/stores/config.ts';
import type { LogStore } from '../core/stores/logs.ts';
import type { SecretStore } from '../core/stores/secrets.ts';
import type { PriceObject } from './contract/prices.ts';
import type { HealthObject } from './contract/process.ts';
import type { KeyTestObject, ProviderObject } from './contract/providers.ts';
import type { LogTails } from './log-tails.ts';

/** What the management API works on. */
export interface ApiServices {
  /** Account of those who are not known: what they tried is entered in its audit log. */
  readonly homeAccount: string;
  readonly config: ConfigStore;
  readonly secrets: SecretStore;
  readonly access: AccessStore;
  readonly tokenUses: Pick<TokenUses, 'note' | 'of'>;
  readonly logs: LogStore;
  readonly conversations: ConversationStore;
  readonly logTails: LogTails;
  readonly analytics: AnalyticsStore;
  readonly cache: Pick<CacheStore, 'find' | 'delete' | 'purge' | 'purgeSome' | 'list'>;
  readonly semantic: SemanticDesk;
  readonly evaluations: EvaluationDesk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The built-in providers. */
  providerList(): readonly ProviderObject[];
  /** Asks the provider of a stored key whether it takes it, through the gateway itself. */
  testKey(gateway: Gateway, key: StoredKey, token: Token): Promise<KeyTestObject>;
  readonly prices: {
    list(): readonly PriceObject[];
    /** What a request for that model is priced by; null when nothing is known. */
    find(provider: string, model: string): PriceObject | null;
  };
  /** What the process was started with, secrets as Secret. */
  readonly settings: readonly ResolvedSetting[];
  health(): Promise<HealthObject>;
  /** Ids of the providers that are built in, by each of their slugs. */
  readonly providers: ReadonlyMap<string, string>;
  /** Believe the proxy in front about the address and the scheme of a client. */
  readonly trustProxy: boolean;
  /** Where clients reach the gateway, without a trailing slash: `http://127.0.0.1:8787`. */
  publicBaseUrl(request: Request): string;
  /** True for an upstream URL that may be plain http, because the operator listed its host. */
  allowInsecure(url: URL): boolean;
  /** Sends a request through the gateway's own pipeline. */
  readonly callGateway: CallGateway;
  readonly prepareReplay: PrepareReplay;
  /** After a gateway was made, changed or deleted: the snapshot already shows it. */
  onGatewayChanged(account: string, id: string): void;
}
