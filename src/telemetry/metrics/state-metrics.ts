import type { Health } from '../../core/health.ts';
import type { CacheStats } from '../../core/stores/cache.ts';
import type { Family, Sample } from './exposition.ts';

/** The state of things at the moment of asking. */
export interface GatewayState {
  readonly version: string;
  readonly health: Health;
  readonly openRequests: number;
  readonly openUpstream: number;
  readonly heldRequestBytes: number;
  readonly backlogRecords: number;
  readonly backlogBytes: number;
  readonly unpackedBytes: number;
  readonly rows: number;
  /** By tier; a tier that has not been used yet is not there. */
  readonly caches: ReadonlyMap<string, CacheStats>;
}

export function stateFamilies(state: GatewayState): Family[] {
  const gauge = (name: string, help: string, value: number): Family =>
    family(name, 'gauge', help, [{ labels: {}, value }]);
  const caches = [...state.caches];
  return [
    family('tidegate_build_info', 'gauge', 'Always 1; the version is in the label.', [
      { labels: { version: state.version }, value: 1 },
    ]),
    gauge('tidegate_open_requests', 'Requests whose reply has not ended.', state.openRequests),
    gauge(
      'tidegate_open_upstream_requests',
      'Requests to providers that have not ended.',
      state.openUpstream,
    ),
    gauge('tidegate_held_request_bytes', 'Bytes of request bodies held in memory.', state.heldRequestBytes),
    gauge(
      'tidegate_spool_backlog_records',
      'Records of this process that the log store does not have yet.',
      state.backlogRecords,
    ),
    gauge(
      'tidegate_spool_backlog_bytes',
      'Bytes of the spool that the log store does not have yet, those of earlier processes included.',
      state.backlogBytes,
    ),
    gauge(
      'tidegate_spool_unpacked_bytes',
      'Bytes of bodies that wait to be compressed.',
      state.unpackedBytes,
    ),
    gauge('tidegate_log_rows', 'Records in the log store.', state.rows),
    family(
      'tidegate_cache_entries',
      'gauge',
      'Cached answers, by tier.',
      caches.map(([tier, stats]) => ({ labels: { tier }, value: stats.entries })),
    ),
    family(
      'tidegate_cache_bytes',
      'gauge',
      'Bytes of cached answers, by tier.',
      caches.map(([tier, stats]) => ({ labels: { tier }, value: stats.bytes })),
    ),
    family(
      'tidegate_degraded',
      'gauge',
      '1 for each component that does not work as it should; /healthz says how.',
      state.health.list().map(({ component }) => ({ labels: { component }, value: 1 })),
    ),
    family(
      'tidegate_trouble_events',
      'counter',
      'Things lost, refused or repaired, by name; none on a good day.',
      [...state.health.counters].map(([event, value]) => ({ labels: { event }, value })),
    ),
  ];
}

/** Names of the process and of Node.js that dashboards for such programs know. */
export function processFamilies(figures: ProcessFigures): Family[] {
  const gauge = (name: string, help: string, value: number): Family =>
    family(name, 'gauge', help, [{ labels: {}, value }]);
  const { memory, loop } = figures;
  return [
    family('process_cpu_seconds', 'counter', 'CPU time of the process.', [
      { labels: {}, value: figures.cpuSeconds },
    ]),
    gauge('process_resident_memory_bytes', 'Resident memory.', memory.rss),
    gauge(
      'process_start_time_seconds',
      'When the process started, in seconds since 1970.',
      figures.startSeconds,
    ),
    gauge('nodejs_heap_size_used_bytes', 'Heap in use.', memory.heapUsed),
    gauge('nodejs_heap_size_total_bytes', 'Heap taken from the system.', memory.heapTotal),
    gauge('nodejs_external_memory_bytes', 'Memory outside the heap.', memory.external),
    gauge(
      'nodejs_eventloop_lag_mean_seconds',
      'Mean delay of the event loop since the last scrape.',
      loop.mean,
    ),
    gauge(
      'nodejs_eventloop_lag_p50_seconds',
      'Median delay of the event loop since the last scrape.',
      loop.p50,
    ),
    gauge(
      'nodejs_eventloop_lag_p99_seconds',
      '99 % of delays of the event loop since the last scrape are below.',
      loop.p99,
    ),
    gauge(
      'nodejs_eventloop_lag_max_seconds',
      'Longest delay of the event loop since the last scrape.',
      loop.max,
    ),
  ];
}

/** Bytes, and seconds. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly startSeconds: number;
  readonly memory: NodeJS.MemoryUsage;
  readonly loop: { readonly mean: number; readonly p50: number; readonly p99: number; readonly max: number };
}

function family(name: string, kind: Family['kind'], help: string, samples: readonly Sample[]): Family {
  return { name, kind, help, samples };
}
