import type { CacheControls, Controls } from '../core/controls.ts';
import { GatewayError } from '../core/errors.ts';
import type { Step } from '../core/exchange.ts';
import { findHeader, type HeaderList } from '../core/headers.ts';
import { memo } from '../core/memo.ts';
import { SEMANTIC_MODES, type SemanticMode, stricterMode } from '../core/semantic.ts';
import type { Backoff, Gateway } from '../core/stores/config.ts';

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
  const asked = controlHeaders(step.headers);
  const customCost = findHeader(asked, 'cf-aig-custom-cost');
  const ttl = readTtl(asked, 'cf-aig-cache-ttl') ?? readTtl(asked, 'cf-cache-ttl');
  const skipsCacheRead =
    readBoolean(asked, 'cf-aig-skip-cache') ?? readBoolean(asked, 'cf-skip-cache') ?? false;
  return {
    cache: readCache(asked, gateway, ttl, skipsCacheRead),
    // What must not be kept at all is not kept for similar questions either.
    semantic: ttl === 0 ? 'off' : readSemantic(asked, gateway),
    skipsCacheRead,
    askedTtlSeconds: ttl,
    collectLog: readBoolean(asked, 'cf-aig-collect-log') ?? gateway.collectLogs,
    collectPayload: readBoolean(asked, 'cf-aig-collect-log-payload') ?? gateway.collectPayloads,
    metadata: readMetadata(asked),
    customCost: customCost === null ? null : readCost(customCost, services),
    eventId: readText(asked, 'cf-aig-event-id', 256),
    requestTimeoutMs:
      readInteger(asked, 'cf-aig-request-timeout', 1, 86_400_000, 'milliseconds') ?? gateway.requestTimeoutMs,
    retry: {
      maxAttempts:
        readInteger(asked, 'cf-aig-max-attempts', 1, 5, 'attempts') ?? gateway.retryMaxAttempts ?? 1,
      delayMs:
        readInteger(asked, 'cf-aig-retry-delay', 0, 60_000, 'milliseconds') ?? gateway.retryDelayMs ?? 500,
      backoff: readChoice(asked, 'cf-aig-backoff', BACKOFFS) ?? gateway.retryBackoff ?? 'constant',
    },
    keyAlias: readText(asked, 'cf-aig-byok-alias', 128),
    requireCredential: gateway.byokOnly || readBoolean(asked, 'cf-aig-no-wholesale') === true,
  };
}

/** The few fields of a request that are for the gateway, looked at once for each control. */
function controlHeaders(list: HeaderList): HeaderList {
  const kept: HeaderList = [];
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!;
    // c or t: most fields are none of ours.
    const first = name.charCodeAt(0) | 0x20;
    if (
      (first === 0x63 && name.slice(0, 3).toLowerCase() === 'cf-') ||
      (first === 0x74 && name.slice(0, 9).toLowerCase() === 'tidegate-')
    ) {
      kept.push(name, list[i + 1]!);
    }
  }
  return kept;
}

function readCache(
  asked: HeaderList,
  gateway: Gateway,
  ttl: number | null,
  skipRead: boolean,
): CacheControls | null {
  const customKey = readText(asked, 'cf-aig-cache-key', 4096);
  // A TTL alone does not opt in (spec 5): the gateway's setting or a key of one's own does.
  const optedIn = customKey !== null || gateway.cacheTtl > 0;
  if (!optedIn || ttl === 0) return null;
  return {
    ttlSeconds: ttl ?? (gateway.cacheTtl > 0 ? gateway.cacheTtl : DEFAULT_TTL_SECONDS),
    skipRead,
    customKey,
    rule: customKey !== null ? 'cf-aig-cache-key' : ttl !== null ? 'cf-aig-cache-ttl' : 'cache_ttl',
    shareInFlight: gateway.shareInFlight && (readBoolean(asked, 'tidegate-share-in-flight') ?? true),
  };
}

/** Callers can only be stricter than the gateway: what it does not do cannot be asked for. */
function readSemantic(asked: HeaderList, gateway: Gateway): SemanticMode {
  const wanted = readChoice(asked, 'tidegate-semantic-cache', SEMANTIC_MODES);
  const set = gateway.semanticCache?.mode ?? 'off';
  return wanted === null ? set : stricterMode(set, wanted);
}

function readTtl(asked: HeaderList, name: string): number | null {
  const value = findHeader(asked, name);
  if (value === null) return null;
  if (value.trim() === '0') return 0;
  return readInteger(asked, name, 60, MAX_TTL_SECONDS, 'seconds, or 0 for no caching');
}

function readInteger(asked: HeaderList, name: string, min: number, max: number, unit: string): number | null {
  const value = findHeader(asked, name);
  if (value === null) return null;
  const number = /^\s*\d{1,10}\s*$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max))
    throw badHeader(name, value, `a whole number from ${min} to ${max} (${unit})`);
  return number;
}

function readBoolean(asked: HeaderList, name: string): boolean | null {
  const value = findHeader(asked, name);
  if (value === null) return null;
  const word = value.trim().toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  throw badHeader(name, value, '`true` or `false`');
}

function readText(asked: HeaderList, name: string, maxLength: number): string | null {
  const value = findHeader(asked, name)?.trim() ?? null;
  if (value === null) return null;
  if (value.length === 0 || value.length > maxLength)
    throw badHeader(name, value, `1 to ${maxLength} characters`);
  return value;
}

function readChoice<T extends string>(asked: HeaderList, name: string, choices: readonly T[]): T | null {
  const value = findHeader(asked, name);
  if (value === null) return null;
  const word = value.trim().toLowerCase();
  const known = choices.find((choice) => choice === word);
  if (known === undefined) throw badHeader(name, value, choices.map((choice) => `\`${choice}\``).join(', '));
  return known;
}

function readMetadata(asked: HeaderList): Controls['metadata'] {
  const value = findHeader(asked, 'cf-aig-metadata');
  return value === null ? null : parseMetadata(value);
}

/** Five entries at most, the first ones; `cf.` is the platform's; one value that is no scalar voids the object (spec 17.3). */
const parseMetadata = memo((value): Controls['metadata'] => {
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
  return Object.freeze(Object.fromEntries(entries.slice(0, 5)));
});

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
