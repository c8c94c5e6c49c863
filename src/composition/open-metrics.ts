import type { IncomingMessage, ServerResponse } from 'node:http';
import { FailedLogins } from '../api/failed-logins.ts';
import { allows } from '../config/roles.ts';
import type { Settings } from '../config/settings.ts';
import { hashToken } from '../config/tokens.ts';
import type { Clock } from '../core/clock.ts';
import { clientAddress } from '../core/forwarded.ts';
import type { CacheStats } from '../core/stores/cache.ts';
import type { Token } from '../core/stores/config.ts';
import type { LogRecord } from '../core/stores/logs.ts';
import type { EvidenceObserver } from '../core/stores/semantic-evidence.ts';
import { hostGuard } from '../server/guard-host.ts';
import { CONTENT_TYPES, formatFor, printFamilies } from '../telemetry/metrics/exposition.ts';
import { LoopDelay } from '../telemetry/metrics/loop-delay.ts';
import { SemanticMetrics } from '../telemetry/metrics/semantic-metrics.ts';
import { type GatewayState, processFamilies, stateFamilies } from '../telemetry/metrics/state-metrics.ts';
import { TrafficMetrics } from '../telemetry/metrics/traffic-metrics.ts';
import type { Caches } from './open-caches.ts';

export interface MetricsOptions {
  /** The figures are about the whole process, so only tokens of the process's own account open them. */
  readonly settings: Pick<Settings, 'metrics' | 'account' | 'trustProxy' | 'allowedHosts' | 'host'>;
  readonly clock: Clock;
  findToken(account: string, value: string): Token | null;
  noteRequest(token: Token, atMs: number, request: IncomingMessage): void;
  readonly caches: Pick<Caches, 'memory' | 'disk'>;
  state(): Omit<GatewayState, 'caches'>;
}

export interface Metrics {
  /** Null when nobody may read the figures. */
  readonly count: ((record: LogRecord) => void) | null;
  /** For the evidence of the semantic cache; null as well. */
  readonly semanticObserver: EvidenceObserver | null;
  /** Answers `/metrics`; false for any other path. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  close(): void;
}

/** A cache that is busy with something large is left out of one scrape. */
const CACHE_WAIT_MS = 1_000;

/** Figures for operators, in the text formats of Prometheus. */
export function openMetrics(options: MetricsOptions): Metrics {
  const { metrics: access, allowedHosts, host } = options.settings;
  const isKnownHost = hostGuard(allowedHosts, host);
  const traffic = new TrafficMetrics();
  const semantic = new SemanticMetrics();
  const loop = new LoopDelay();
  const failedLogins = new FailedLogins();
  const startSeconds = options.clock.now() / 1000 - process.uptime();

  const print = async (format: Parameters<typeof printFamilies>[1]): Promise<string> => {
    const { memory, disk } = options.caches;
    const caches = new Map<string, CacheStats>([['memory', memory.stats()]]);
    // A disk cache that nobody uses is not started for a look at it.
    const onDisk = disk.isRunning ? await soon(disk.stats()) : null;
    if (onDisk !== null) caches.set('disk', onDisk);
    const { user, system } = process.cpuUsage();
    const figures = {
      cpuSeconds: (user + system) / 1e6,
      startSeconds,
      memory: process.memoryUsage(),
      loop: loop.read(),
    };
    const state = { ...options.state(), caches };
    return printFamilies(
      [...traffic.families(), ...semantic.families(), ...stateFamilies(state), ...processFamilies(figures)],
      format,
    );
  };

  return {
    count: access === 'off' ? null : (record) => traffic.count(record),
    semanticObserver: access === 'off' ? null : semantic,
    answer(request, response) {
      if (request.url?.split('?', 1)[0] !== '/metrics') return false;
      const refusal = refuse(request, options, failedLogins, isKnownHost);
      if (refusal !== null) {
        const { status, message, headers } = refusal;
        response.writeHead(status, { ...PLAIN, ...headers }).end(`${message}\n`);
        return true;
      }
      const format = formatFor(request.headers.accept);
      print(format).then(
        (text) => {
          const headers = { ...PLAIN, 'content-type': CONTENT_TYPES[format] };
          response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : text);
        },
        () => response.writeHead(500, PLAIN).end('Internal error\n'),
      );
      return true;
    },
    close: () => loop.close(),
  };
}

const PLAIN = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function refuse(
  request: IncomingMessage,
  options: MetricsOptions,
  failedLogins: FailedLogins,
  isKnownHost: (header: string | undefined) => boolean,
): Refusal | null {
  const access = options.settings.metrics;
  if (access === 'off') return { status: 404, message: 'The metrics are switched off (TIDEGATE_METRICS)' };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, message: 'Only GET and HEAD', headers: { allow: 'GET, HEAD' } };
  const { authorization } = request.headers;
  if (authorization === undefined && access === 'loopback' && isFromHere(request)) {
    // Without a token the name that was asked for is the only sign of a page that was made to look local.
    if (isKnownHost(request.headers.host)) return null;
    return { status: 403, message: 'This host name is not known; list it in TIDEGATE_ALLOWED_HOSTS' };
  }
  return refuseToken(request, authorization ?? '', options, failedLogins);
}

function refuseToken(
  request: IncomingMessage,
  authorization: string,
  { clock, settings: { trustProxy, account }, findToken, noteRequest }: MetricsOptions,
  failedLogins: FailedLogins,
): Refusal | null {
  const unauthorized = { status: 401, headers: { 'www-authenticate': 'Bearer' } };
  const value = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (value === undefined) return { ...unauthorized, message: 'Send a token as `Authorization: Bearer …`' };
  const forwarded = request.headers['x-forwarded-for']?.toString() ?? null;
  const address = clientAddress(forwarded, request.socket.remoteAddress ?? '', trustProxy);
  const hash = hashToken(value);
  const now = clock.now();
  const pauseMs = failedLogins.pauseMs(address, hash, now);
  if (pauseMs > 0) {
    const headers = { 'retry-after': String(Math.ceil(pauseMs / 1000)) };
    return { status: 429, message: 'Too many failed authentications from this address', headers };
  }
  const token = findToken(account, value);
  if (token === null) {
    failedLogins.failed(address, now);
    return { ...unauthorized, message: 'The token is unknown, revoked or expired' };
  }
  failedLogins.succeeded(address, hash, now);
  noteRequest(token, now, request);
  if (allows(token.permissions, 'metadata-read')) return null;
  return { status: 403, message: 'This needs a token with the permission `metadata-read`' };
}

/** From this machine, and not handed on by a proxy that runs on it. */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some((name) => name in headers);
  return !isForwarded && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '');
}

async function soon<T>(value: T | Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), CACHE_WAIT_MS);
  });
  const found = await Promise.race([value, late]);
  clearTimeout(timer);
  return found;
}
