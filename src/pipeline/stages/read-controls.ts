import type { CacheControls, Controls } from '../../core/controls.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Step } from '../../core/exchange.ts';
import type { Backoff, Gateway } from '../../core/stores/config.ts';

export interface ControlServices {
  /** Reads cf-aig-custom-cost; throws nothing, names the form expected instead. */
  parseCustomCost(text: string): { readonly error: string } | object;
}

const MAX_TTL_SECONDS = 2_592_000;
const DEFAULT_TTL_SECONDS = 300;
const BACKOFFS: readonly Backoff[] = ['constant', 'linear', 'exponential'];

/**
 * What the caller asks of the gateway for this step. Precedence (spec 2.3) is already in the step's headers: those of
 * the universal step stand over those of the request; the gateway's settings stand in for what neither says.
 */
export function readControls(step: Step, services: ControlServices): Controls {
  const { gateway } = step.exchange;
  const customCost = step.header('cf-aig-custom-cost');
  return {
    cache: readCache(step, gateway),
    collectLog: readBoolean(step, 'cf-aig-collect-log') ?? gateway.collectLogs,
    collectPayload: readBoolean(step, 'cf-aig-collect-log-payload') ?? gateway.collectPayloads,
    metadata: readMetadata(step),
    customCost: customCost === null ? null : readCost(customCost, services),
    eventId: readText(step, 'cf-aig-event-id', 256),
    requestTimeoutMs:
      readInteger(step, 'cf-aig-request-timeout', 1, 86_400_000, 'milliseconds') ?? gateway.requestTimeoutMs,
    retry: {
      maxAttempts:
        readInteger(step, 'cf-aig-max-attempts', 1, 5, 'attempts') ?? gateway.retryMaxAttempts ?? 1,
      delayMs:
        readInteger(step, 'cf-aig-retry-delay', 0, 60_000, 'milliseconds') ?? gateway.retryDelayMs ?? 500,
      backoff: readBackoff(step) ?? gateway.retryBackoff ?? 'constant',
    },
    keyAlias: readText(step, 'cf-aig-byok-alias', 128),
    requireCredential: gateway.byokOnly || readBoolean(step, 'cf-aig-no-wholesale') === true,
  };
}

function readCache(step: Step, gateway: Gateway): CacheControls | null {
  const customKey = readText(step, 'cf-aig-cache-key', 4096);
  const ttl = readTtl(step, 'cf-aig-cache-ttl') ?? readTtl(step, 'cf-cache-ttl');
  const skipRead = readBoolean(step, 'cf-aig-skip-cache') ?? readBoolean(step, 'cf-skip-cache') ?? false;
  // A TTL alone does not opt in (spec 5): the gateway's setting or a key of one's own does.
  const optedIn = customKey !== null || gateway.cacheTtl > 0;
  if (!optedIn || ttl === 0) return null;
  return {
    ttlSeconds: ttl ?? (gateway.cacheTtl > 0 ? gateway.cacheTtl : DEFAULT_TTL_SECONDS),
    skipRead,
    customKey,
    rule: customKey !== null ? 'cf-aig-cache-key' : ttl !== null ? 'cf-aig-cache-ttl' : 'cache_ttl',
  };
}

function readTtl(step: Step, name: string): number | null {
  const value = step.header(name);
  if (value === null) return null;
  if (value.trim() === '0') return 0;
  return readInteger(step, name, 60, MAX_TTL_SECONDS, 'seconds, or 0 for no caching');
}

function readInteger(step: Step, name: string, min: number, max: number, unit: string): number | null {
  const value = step.header(name);
  if (value === null) return null;
  const number = /^\s*\d{1,10}\s*$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max))
    throw badHeader(name, value, `a whole number from ${min} to ${max} (${unit})`);
  return number;
}

function readBoolean(step: Step, name: string): boolean | null {
  const value = step.header(name);
  if (value === null) return null;
  const word = value.trim().toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  throw badHeader(name, value, '`true` or `false`');
}

function readText(step: Step, name: string, maxLength: number): string | null {
  const value = step.header(name)?.trim() ?? null;
  if (value === null) return null;
  if (value.length === 0 || value.length > maxLength)
    throw badHeader(name, value, `1 to ${maxLength} characters`);
  return value;
}

function readBackoff(step: Step): Backoff | null {
  const value = step.header('cf-aig-backoff');
  if (value === null) return null;
  const word = value.trim().toLowerCase();
  const known = BACKOFFS.find((backoff) => backoff === word);
  if (!known)
    throw badHeader('cf-aig-backoff', value, BACKOFFS.map((backoff) => `\`${backoff}\``).join(', '));
  return known;
}

/** Five entries at most, the first ones; `cf.` is the platform's; one value that is no scalar voids the object (spec 17.3). */
function readMetadata(step: Step): Record<string, string | number | boolean> | null {
  const value = step.header('cf-aig-metadata');
  if (value === null) return null;
  let parsed: unknown;
  try {
    // Header values come as latin1; people put UTF-8 in them.
    parsed = JSON.parse(Buffer.from(value, 'latin1').toString('utf8'));
  } catch {
    throw badHeader('cf-aig-metadata', value, 'a flat JSON object of at most 5 strings, numbers or booleans');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badHeader('cf-aig-metadata', value, 'a flat JSON object of at most 5 strings, numbers or booleans');
  }
  const entries = Object.entries(parsed).filter(([key]) => !key.startsWith('cf.'));
  const isScalar = ([, entry]: [string, unknown]): boolean =>
    ['string', 'number', 'boolean'].includes(typeof entry);
  if (entries.length === 0 || !entries.every(isScalar)) return null;
  return Object.fromEntries(entries.slice(0, 5));
}

function readCost(value: string, services: ControlServices): object {
  const cost = services.parseCustomCost(value);
  if ('error' in cost) throw badHeader('cf-aig-custom-cost', value, String(cost.error));
  return cost;
}

function badHeader(name: string, value: string, form: string): GatewayError {
  const shown = value.length > 80 ? `${value.slice(0, 80)}…` : value;
  return new GatewayError(
    'bad-header',
    `Header ${name} has the value ${JSON.stringify(shown)}; expected ${form}`,
  );
}
