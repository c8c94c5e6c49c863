import { behaviourHeaders, cacheKey } from '../cache/key.ts';
import type { Step } from '../core/exchange.ts';
import { NO_BODY } from '../core/request-body.ts';
import { type CredentialServices, credentialScope, findCredential } from '../routing/find-credential.ts';
import { addressOf, type SendServices } from '../upstream/send.ts';

/** The cache key of a step: everything that its answer depends on. */
export function keyOfStep(step: Step, credentials: CredentialServices, upstream: SendServices): string {
  const { exchange } = step;
  step.credential ??= findCredential(step, credentials);
  const address = addressOf(step, step.credential, upstream);
  return cacheKey({
    account: exchange.account,
    gateway: exchange.gateway.id,
    epoch: exchange.gateway.cacheEpoch,
    credential: credentialScope(step, step.credential),
    provider: `${step.provider.id} ${step.provider.revision ?? ''}`,
    base: upstream.baseUrl(step) ?? address.origin,
    upstream: address.origin + address.path,
    method: exchange.method,
    stream: step.facts.stream === true || /stream/i.test(step.endpoint),
    behaviourHeaders: behaviourHeaders(step.headers),
    customKey: step.controls.cache?.customKey ?? null,
    body: step.body.kind === 'held' ? step.body : NO_BODY,
  });
}
