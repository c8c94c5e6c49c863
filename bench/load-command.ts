import type { Shape } from './shapes.ts';

/** What the load generator is asked to do. */
export interface LoadCommand {
  /** closed: as fast as answers come. open: at `rate`. held: open streams, and leave in their middle unless `toEnd`. */
  readonly mode: 'closed' | 'open' | 'held';
  readonly shape: Shape;
  readonly port: number;
  readonly path: string;
  /** Header lines beside those that every request carries. */
  readonly headers: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second, open loop only. */
  readonly rate?: number;
  /** Time over which held streams are opened. */
  readonly rampMs?: number;
  /** Held streams are read to their ends. */
  readonly toEnd?: boolean;
  /** Every request the same, for cache hits; otherwise no two requests of a run are alike. */
  readonly sameBody?: boolean;
  readonly measureGaps?: boolean;
  /** For a target that is known to rewrite bodies: the length of a 200 is not compared. */
  readonly anyLength?: boolean;
}

export interface LoadResult {
  readonly event: 'result';
  /** Requests answered rightly, those after the window included; for held streams that are left: those still open. */
  readonly completed: number;
  readonly errors: number;
  readonly errorSamples: Readonly<Record<string, number>>;
  /** Events of streams, those of streams that were left in their middle included. */
  readonly streamEvents: number;
  /** Reads from sockets that brought some of a stream: events per read tell how far the target ran them together. */
  readonly reads: number;
  /** From the first request to the end of the last answer. */
  readonly tookMs: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly gapP50Ms: number | null;
  readonly gapP99Ms: number | null;
}

/** Said once by held streams when every one of them has had its first chunk, or given up on it. */
export interface StreamsOpen {
  readonly event: 'open';
  readonly open: number;
}
