import { readVectors } from '../../cache/semantic/embedders/read-vectors.ts';
import type { EmbeddingShape } from '../../cache/semantic/embedders/shape.ts';
import { GatewayError } from '../../core/errors.ts';
import type { CallGateway } from '../../core/inside-call.ts';
import { ModelError } from '../../core/model-error.ts';
import { readWhole } from '../../core/read-whole.ts';
import type { Gateway, Token } from '../../core/stores/config.ts';

export interface RemoteEmbedding {
  readonly callGateway: CallGateway;
  readonly shape: EmbeddingShape;
  /** `{provider}/{model}`, for messages. */
  readonly name: string;
  readonly gateway: Gateway;
  /** In whose name stored keys are used; null uses none. */
  readonly token: Token | null;
  readonly timeoutMs: number;
}

/** The provider says that the request is at fault: with a text that it took before, that is another one's doing. */
export class TextsRefused extends ModelError {}

const REFUSALS = [400, 413, 422];
/** Vectors in JSON take about 12 characters for each number. */
const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Asks a provider for vectors through the whole pipeline, so that its keys, guards, prices and records are those of every
 * other request. Rejects with a ModelError, whose message never holds what the provider said, because providers repeat
 * what they were asked; or with the reason of the signal.
 */
export async function embedRemotely(
  { callGateway, shape, name, gateway, token, timeoutMs }: RemoteEmbedding,
  texts: readonly string[],
  signal: AbortSignal | null,
): Promise<Float32Array[]> {
  signal?.throwIfAborted();
  if (shape.mostBytes !== null && texts.some((text) => Buffer.byteLength(text) > shape.mostBytes!))
    throw new ModelError('too-long', `a text may be longer than ${name} reads, which would cut it`);
  const call = shape.call(texts);
  const timeout = AbortSignal.timeout(timeoutMs);
  const ended = signal === null ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const reply = await callGateway({
      origin: 'embedding',
      purpose: null,
      account: gateway.account,
      gateway,
      token,
      method: 'POST',
      rest: call.rest,
      headers: headersOf(name, timeoutMs),
      body: Buffer.from(JSON.stringify(call.body)),
      signal: ended,
      hangUp: null,
    });
    const text = (await readWhole(reply.body, MOST_ANSWER_BYTES))?.toString('utf8') ?? null;
    ended.throwIfAborted();
    if (REFUSALS.includes(reply.status))
      throw new TextsRefused(
        reply.status === 413 ? 'too-long' : 'failed',
        `${name} refused the request with status ${reply.status}`,
      );
    if (reply.status < 200 || reply.status > 299)
      throw new ModelError('failed', `${name} answered with status ${reply.status}`);
    if (text === null) throw new ModelError('failed', `${name} answered more than 16 MiB, or broke off`);
    return readVectors(shape.vectors(parse(text, name)), texts.length);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (timeout.aborted)
      throw new ModelError('failed', `${name} did not answer within ${timeoutMs} ms`, { cause: error });
    if (error instanceof ModelError) throw error;
    if (error instanceof GatewayError)
      throw new ModelError('failed', `${name} could not be asked: ${error.code}`, { cause: error });
    throw new ModelError('failed', `${name} ${(error as Error).message}`, { cause: error });
  }
}

function headersOf(name: string, timeoutMs: number): string[] {
  return [
    'content-type',
    'application/json',
    'accept',
    'application/json',
    // A request made to answer another must not ask for answers itself, nor wait for others.
    'tidegate-semantic-cache',
    'off',
    'tidegate-share-in-flight',
    'false',
    'cf-aig-max-attempts',
    '1',
    'cf-aig-request-timeout',
    String(timeoutMs),
    // The question stands in the record of the request that it was taken from, if bodies are kept there.
    'cf-aig-collect-log-payload',
    'false',
    // A server of one's own may need no key; with everybody else the sentence of the gateway is clearer than theirs.
    ...(name.startsWith('custom-') ? [] : ['cf-aig-no-wholesale', 'true']),
  ];
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelError('failed', `${name} answered something that is no JSON`);
  }
}
