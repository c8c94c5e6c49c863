/** What a family answers, before faults and timing are applied to it. */
export type Answer = WholeAnswer | StreamAnswer;

export interface WholeAnswer {
  readonly kind: 'whole';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How long a real model would have taken, in output tokens. */
  readonly tokens: number;
}

export interface StreamAnswer {
  readonly kind: 'stream';
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: readonly Frame[];
}

/** One event of a stream, as its bytes. */
export interface Frame {
  readonly bytes: Buffer;
  /** True for a frame that carries generated content: a token's time is spent before it. */
  readonly content: boolean;
}

export function jsonAnswer(
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
  tokens = 0,
): WholeAnswer {
  return {
    kind: 'whole',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(value)),
    tokens,
  };
}

export function streamAnswer(
  frames: readonly Frame[],
  headers: Readonly<Record<string, string>> = {},
): StreamAnswer {
  return {
    kind: 'stream',
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers },
    frames,
  };
}

/** A server-sent event without a name, as OpenAI and its like send. */
export function dataFrame(data: unknown, content = false): Frame {
  return { bytes: Buffer.from(`data: ${JSON.stringify(data)}\n\n`), content };
}

/** A server-sent event whose name is repeated in the data's `type`. */
export function typedFrame(data: { readonly type: string }, content = false): Frame {
  return { bytes: Buffer.from(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`), content };
}

export const DONE_FRAME: Frame = { bytes: Buffer.from('data: [DONE]\n\n'), content: false };

/** An error that the provider answers with. Each family words it in its own shape. */
export class ProviderFailure extends Error {
  readonly status: number;
  /** The family's own type or code, where it is not the usual one of the status. */
  readonly code: string | null;
  readonly param: string | null;
  readonly retryAfter: string | null;

  constructor(
    status: number,
    message: string,
    more: { code?: string; param?: string; retryAfter?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = more.code ?? null;
    this.param = more.param ?? null;
    this.retryAfter = more.retryAfter ?? null;
  }
}
