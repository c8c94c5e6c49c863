import type { Manifest } from './manifest.ts';

/** What the thread is started with. */
export interface WorkerStart {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Module that runs the graphs. */
  readonly runtime: string;
}

export type Task =
  | { readonly kind: 'embed'; readonly texts: readonly string[] }
  | { readonly kind: 'verify'; readonly pairs: readonly (readonly [string, string])[] };

export type Answer =
  /** The vectors one after the other. */
  | { readonly kind: 'vectors'; readonly vectors: Float32Array<ArrayBuffer> }
  /** NaN for a pair that is too long. */
  | { readonly kind: 'logits'; readonly logits: Float64Array<ArrayBuffer> }
  | { readonly kind: 'refused'; readonly isTooLong: boolean; readonly message: string };

/** What is known of the models once they are loaded. */
export interface Loaded {
  readonly kind: 'loaded';
  readonly embedderId: string;
  readonly dimensions: number;
}

export type FromWorker =
  | Loaded
  | { readonly kind: 'unusable'; readonly problem: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer };

export interface ToWorker {
  readonly id: number;
  readonly task: Task;
}
