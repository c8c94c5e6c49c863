import type { SemanticSettings } from '../semantic.ts';
import type { AuditLog } from './audit.ts';

/** Versioned configuration: accounts, gateways, stored keys' metadata, custom providers, tokens. */

export type RateTechnique = 'fixed' | 'sliding';
export type Backoff = 'constant' | 'linear' | 'exponential';
export type LogStrategy = 'STOP_INSERTING' | 'DELETE_OLDEST';

/** A gateway. Times are epoch milliseconds; null is 'not set'. */
export interface Gateway {
  readonly account: string;
  /** 1 to 64 characters. */
  readonly id: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly isDefault: boolean;
  /** False makes the gateway open: anyone who reaches the port may use it. */
  readonly authentication: boolean;
  /** Seconds; 0 is off. */
  readonly cacheTtl: number;
  readonly cacheInvalidateOnUpdate: boolean;
  /** Part of every cache key: raising it empties the gateway's cache at once. */
  readonly cacheEpoch: number;
  readonly collectLogs: boolean;
  /** False: records without bodies. */
  readonly collectPayloads: boolean;
  /** Most rows kept; null is no limit. */
  readonly logManagement: number | null;
  readonly logManagementStrategy: LogStrategy | null;
  /** Days that records are kept; null is no limit. */
  readonly logRetentionDays: number | null;
  /** 0 is off. */
  readonly rateLimitingLimit: number;
  /** Seconds; 0 is off. */
  readonly rateLimitingInterval: number;
  readonly rateLimitingTechnique: RateTechnique;
  readonly retryMaxAttempts: number | null;
  readonly retryDelayMs: number | null;
  readonly retryBackoff: Backoff | null;
  /** Default of cf-aig-request-timeout, ms. */
  readonly requestTimeoutMs: number | null;
  readonly byokOnly: boolean;
  readonly zdr: boolean;
  /** Upstream base URL by provider id, before the process setting and the default. */
  readonly providerUrls: Readonly<Record<string, string>>;
  /** Seconds of silence in a stream after which a comment is sent; null is never. */
  readonly heartbeatSeconds: number | null;
  /** Equal requests for the cache that are under way at the same time share one call. */
  readonly shareInFlight: boolean;
  /** Null is off. */
  readonly semanticCache: SemanticSettings | null;
}

export interface StoredKey {
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  readonly provider: string;
  readonly alias: string;
  readonly isDefault: boolean;
  readonly secretId: string;
  /** Last characters, for people to recognise it: `…4f2a`; '' for keys under 12 characters. */
  readonly preview: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly rateLimit: number | null;
  readonly rateLimitPeriod: number | null;
}

export interface CustomProvider {
  readonly id: string;
  readonly account: string;
  readonly slug: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly description: string | null;
  readonly link: string | null;
  readonly enable: boolean;
  readonly beta: boolean;
  readonly curlExample: string | null;
  readonly jsExample: string | null;
  /** Extra request headers by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly position: number | null;
  readonly createdAt: number;
  /** Changes empty the cache of this provider: it is part of the key. */
  readonly modifiedAt: number;
}

/** A list with its filters, under a name. The request path knows nothing of it. */
export interface SavedView {
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  readonly name: string;
  /** `logs`, `sessions` … */
  readonly page: string;
  /** Query part of the page's address, without the question mark. */
  readonly query: string;
  readonly createdAt: number;
}

/** What a token may do. `admin` includes everything, `edit` includes read. */
export type Permission = 'run' | 'read' | 'metadata-read' | 'edit' | 'admin';

export interface Token {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  /** SHA-256 of the whole token, lower-case hex. The token itself is shown once and not kept. */
  readonly hash: string;
  /** First characters after the scheme, for people to recognise it. */
  readonly preview: string;
  readonly permissions: readonly Permission[];
  readonly createdAt: number;
  /** Epoch ms; null is never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** Everything that the request path reads, immutable; swapped whole when a write commits. */
export interface ConfigSnapshot {
  readonly version: number;
  readonly accounts: ReadonlySet<string>;
  /** By `account/id`. */
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** By `account/gateway/provider/alias`. */
  readonly keys: ReadonlyMap<string, StoredKey>;
  /** By `account/slug`. */
  readonly customProviders: ReadonlyMap<string, CustomProvider>;
  /** By hash. Revoked ones are not in it; expiry is checked by the reader. */
  readonly tokens: ReadonlyMap<string, Token>;
}

/**
 * Synchronous: small, local, and written only by people. A write is durable when it returns, and snapshot() shows it
 * from then on, so that a change takes effect on the next request.
 */
export interface ConfigStore {
  snapshot(): ConfigSnapshot;
  putAccount(id: string): void;
  putGateway(gateway: Gateway): void;
  deleteGateway(account: string, id: string): void;
  putKey(key: StoredKey): void;
  deleteKey(key: StoredKey): void;
  putCustomProvider(provider: CustomProvider): void;
  deleteCustomProvider(account: string, id: string): void;
  putToken(token: Token): void;
  /** Every token of the account, revoked ones included, newest first. */
  listTokens(account: string): Token[];
  putView(view: SavedView): void;
  deleteView(view: SavedView): void;
  listViews(account: string): SavedView[];
  /** Writes inside are kept all or not at all, entries of the audit log and secrets of the same file with them. */
  transaction<T>(work: () => T): T;
  readonly audit: AuditLog;
  close(): void;
}

export const gatewayKey = (account: string, id: string): string => `${account}/${id}`;
export const storedKeyKey = (account: string, gateway: string, provider: string, alias: string): string =>
  `${account}/${gateway}/${provider}/${alias}`;
