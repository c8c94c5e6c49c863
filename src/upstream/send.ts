import { GatewayError } from '../core/errors.ts';
import type { Credential, Step } from '../core/exchange.ts';
import { setHeader } from '../core/headers.ts';
import type { Address, AuthorizeServices, Outgoing } from '../core/provider.ts';
import type { RequestBody } from '../core/request-body.ts';
import { forwardedRequestHeaders } from './request-headers.ts';
import type { Transport, UpstreamAnswer } from './transport.ts';

export interface SendServices {
  readonly transport: Transport;
  readonly authorize: AuthorizeServices;
  /** Operator's base URL of a provider for this gateway, or null. */
  baseUrl(step: Step): string | null;
}

/** The address of a step's upstream, found once. Also says where a stored key may go. */
export function addressOf(step: Step, credential: Credential, services: SendServices): Address {
  step.address ??= step.provider.address({
    endpoint: step.endpoint,
    baseUrl: services.baseUrl(step),
    header: (name) => step.header(name),
    storedSecret: credential.kind === 'stored' ? credential.secret.reveal() : null,
  });
  return step.address;
}

/** One attempt at one target: address, credential, headers, and off it goes. A promise only where a credential takes time. */
export function send(
  step: Step,
  credential: Credential,
  services: SendServices,
): UpstreamAnswer | Promise<UpstreamAnswer> {
  const { provider, body, exchange } = step;
  const address = addressOf(step, credential, services);
  // In one piece only for those who sign it: putting a large body together costs as much as passing it on.
  const isSigned = credential.kind === 'stored' && provider.authorize !== undefined;
  const isWhole = body.kind === 'held' && body.size > 0 && (isSigned || body.chunks.length === 1);
  const ready = withCredential(
    {
      method: exchange.method,
      origin: address.origin,
      path: address.path,
      headers: forwardedRequestHeaders(step.headers, droppedHeaders(step, credential)),
      body: isWhole ? body.bytes : null,
    },
    step,
    credential,
    services,
  );
  const dispatch = ({ method, origin, path, headers, body: whole }: Outgoing): UpstreamAnswer => {
    if (exchange.left) throw new GatewayError('client-closed', 'The client closed the connection');
    const upload = isWhole ? whole : piecesOf(body);
    if (upload !== null && !isWhole && body.size !== null) headers.push('content-length', String(body.size));
    const firstByteTimeoutMs = step.controls.requestTimeoutMs;
    return services.transport.send({ method, origin, path, headers, body: upload, firstByteTimeoutMs });
  };
  return ready instanceof Promise ? ready.then(dispatch) : dispatch(ready);
}

function withCredential(
  outgoing: Outgoing,
  { provider }: Step,
  credential: Credential,
  { authorize }: SendServices,
): Outgoing | Promise<Outgoing> {
  if (credential.kind !== 'stored') return provider.adaptClientCredential?.(outgoing, authorize) ?? outgoing;
  const secret = credential.secret.reveal();
  if (provider.authorize) return provider.authorize(outgoing, secret, authorize);
  const { header, prefix } = provider.credential;
  return { ...outgoing, headers: setHeader(outgoing.headers, header, prefix + secret) };
}

/** With a stored key in use, whatever the client brought in the provider's credential headers stays here. */
function droppedHeaders(step: Step, credential: Credential): ReadonlySet<string> | null {
  const { ownHeaders, credentialHeaders } = step.provider;
  if (credential.kind === 'client') return ownHeaders ? new Set(ownHeaders) : null;
  return new Set([...(ownHeaders ?? []), ...credentialHeaders]);
}

/** What is sent of a body that is not in one piece; null when there is none. */
function piecesOf(body: RequestBody): Iterable<Buffer> | AsyncIterable<Buffer> | null {
  if (body.kind === 'streaming') return joined(body.head, body.rest);
  return body.size > 0 ? body.chunks : null;
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}
