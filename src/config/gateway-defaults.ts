import type { Gateway } from '../core/stores/config.ts';

/** Id of the one gateway that makes itself (spec 1.2). */
export const DEFAULT_GATEWAY_ID = 'default';

/**
 * Closed and plain: callers need a token, requests are recorded, nothing is cached or limited. Records are bounded,
 * because a disk is.
 */
export const GATEWAY_DEFAULTS = {
  authentication: true,
  cacheTtl: 0,
  cacheInvalidateOnUpdate: false,
  collectLogs: true,
  collectPayloads: true,
  logManagement: 10_000_000,
  logManagementStrategy: 'DELETE_OLDEST',
  logRetentionDays: null,
  rateLimitingLimit: 0,
  rateLimitingInterval: 0,
  rateLimitingTechnique: 'fixed',
  retryMaxAttempts: null,
  retryDelayMs: null,
  retryBackoff: null,
  requestTimeoutMs: null,
  byokOnly: false,
  zdr: false,
  providerUrls: {},
  heartbeatSeconds: null,
  shareInFlight: true,
  semanticCache: null,
} as const satisfies Partial<Gateway>;

/** A gateway as it is made without any wish: by hand with only an id, or by the first request to `default`. */
export function newGateway(account: string, id: string, nowMs: number): Gateway {
  return {
    ...GATEWAY_DEFAULTS,
    account,
    id,
    createdAt: nowMs,
    modifiedAt: nowMs,
    isDefault: id === DEFAULT_GATEWAY_ID,
    cacheEpoch: 0,
  };
}
