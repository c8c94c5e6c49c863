import type { HeaderList } from './headers.ts';
import type { Gateway, Token } from './stores/config.ts';
import type { LogRow, StoredBody } from './stores/logs.ts';

/** Why the gateway calls itself. It stands in the record as its request type, so that such traffic can be told apart. */
export type CallOrigin = 'playground' | 'replay' | 'evaluation' | 'key-test' | 'cache-check' | 'embedding';

/** A provider-native request from inside the process. It goes through the whole pipeline, as a client's does. */
export interface InsideCall {
  readonly origin: CallOrigin;
  /** Id of what it is made for (the log that is replayed, the evaluation), for the record's decisions; null for nothing. */
  readonly purpose: string | null;
  readonly account: string;
  readonly gateway: Gateway;
  /**
   * Whose doing it is. Stored keys are used in its name; whether it may is decided before. Null for what an anonymous
   * caller of an open gateway causes: it uses no stored key.
   */
  readonly token: Token | null;
  readonly method: string;
  /** What follows the gateway in a client's URL: provider, path, query; '' is the universal endpoint. */
  readonly rest: string;
  /** Of the request to the provider; credentials of the management API must not be among them. */
  readonly headers: HeaderList;
  readonly body: Buffer | InsideBody;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal | null;
  /** Breaks the connection to the one who waits, so that a reply that cannot be finished does not look whole; null without one. */
  readonly hangUp: (() => void) | null;
}

/** A body that is still arriving. */
export interface InsideBody {
  /** Called when it is wanted: nothing is read of a request that is refused by its head. */
  open(): AsyncIterable<Uint8Array>;
  /** Null when it was not announced. */
  readonly size: number | null;
}

/** What comes back. The stream must be read to its end or be cancelled; back-pressure reaches the provider. */
export interface InsideReply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array>;
  /** Once the body has been read: what the answer cost; null when that is not known. */
  costNanos(): number | null;
}

/** Rejects with a GatewayError only for what has no record: everything else is a reply. */
export type CallGateway = (call: InsideCall) => Promise<InsideReply>;

/** A stored request made ready to be sent again; or why it cannot be. */
export type PreparedReplay =
  | ({ readonly kind: 'ready'; readonly body: Buffer } & Pick<InsideCall, 'method' | 'rest' | 'headers'>)
  | { readonly kind: 'refused'; readonly field: 'model' | null; readonly message: string };

/** `model` replaces that of the request; null leaves it. */
export type PrepareReplay = (
  row: LogRow,
  body: StoredBody | null,
  model: string | null,
) => Promise<PreparedReplay>;
