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

/** One attempt at one target: address, credential, headers, and off it goes. */
export async function send(
  step: Step,
  credential: Credential,
  services: SendServices,
): Promise<UpstreamAnswer> {
  const { provider, body, exchange } = step;
  const address = addressOf(step, credential, services);
  // In one piece only for those who sign it: putting a large body together costs as much as passing it on.
  const isSigned = credential.kind === 'stored' && provider.authorize !== undefined;
  const isWhole = body.kind === 'held' && body.size > 0 && (isSigned || body.chunks.length === 1);
  let outgoing: Outgoing = {
    method: exchange.method,
    origin: address.origin,
    path: address.path,
    headers: forwardedRequestHeaders(step.headers, droppedHeaders(step, credential)),
    body: isWhole ? body.bytes : null,
  };
  if (credential.kind === 'stored') {
    const secret = credential.secret.reveal();
    if (provider.authorize) outgoing = await provider.authorize(outgoing, secret, services.authorize);
    else {
      const { header, prefix } = provider.credential;
      outgoing = { ...outgoing, headers: setHeader(outgoing.headers, header, prefix + secret) };
    }
  } else if (provider.adaptClientCredential) {
    outgoing = await provider.adaptClientCredential(outgoing, services.authorize);
  }
  if (exchange.left) throw new GatewayError('client-closed', 'The client closed the connection');
  const upload = isWhole ? outgoing.body : piecesOf(body);
  if (upload !== null && !isWhole && body.size !== null)
    outgoing.headers.push('content-length', String(body.size));
  return services.transport.send({
    method: outgoing.method,
    origin: outgoing.origin,
    path: outgoing.path,
    headers: outgoing.headers,
    body: upload,
    firstByteTimeoutMs: step.controls.requestTimeoutMs,
  });
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
