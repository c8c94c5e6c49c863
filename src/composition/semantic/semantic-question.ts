import { behaviourHeaders } from '../../cache/key.ts';
import { type Eligible, findEligible, MOST_BODY_BYTES } from '../../cache/semantic/eligibility.ts';
import type { CheckedRequest } from '../../cache/semantic/evidence/checks.ts';
import type { Question } from '../../cache/semantic/look-up.ts';
import { partitionOf, scopeOf } from '../../cache/semantic/partition.ts';
import type { Step } from '../../core/exchange.ts';
import type { HeldBody } from '../../core/request-body.ts';
import type { Embedder, SemanticReason, SemanticSettings } from '../../core/semantic.ts';
import { endpointKind } from '../../providers/endpoint-kind.ts';
import { type CredentialServices, credentialScope, findCredential } from '../../routing/find-credential.ts';
import { addressOf, type SendServices } from '../../upstream/send.ts';
import type { DecodedContent } from '../../wire/decode-content.ts';

export interface QuestionServices {
  readonly credentials: CredentialServices;
  readonly upstream: SendServices;
  decode(bytes: Buffer, encoding: string): DecodedContent | null | Promise<DecodedContent | null>;
  /** Resolves once the models of these settings can be told by name. */
  embedderOf(step: Step, settings: SemanticSettings): Promise<Embedder>;
}

/** The question of one step, with everything that looking it up and keeping its answer needs. */
export interface StepQuestion extends Question {
  readonly step: Step;
  readonly settings: SemanticSettings;
  readonly ttlSeconds: number;
}

/** Finds the question of a step; or why it has none for the semantic cache; null for calls that are none of its business. */
export function questionOfStep(
  step: Step,
  services: QuestionServices,
): StepQuestion | SemanticReason | null | Promise<StepQuestion | SemanticReason | null> {
  const { exchange } = step;
  // A replay, a check or a judge wants what the provider says; an embedding is asked for by this very cache.
  if (exchange.origin !== null && exchange.origin !== 'playground') return null;
  const settings = exchange.gateway.semanticCache;
  if (settings === null) return null;
  const held = step.body as HeldBody;
  // Before it is put together, or unpacked.
  if (held.size > MOST_BODY_BYTES) return 'too-long';
  const body = held.bytes;
  const encoding = step.header('content-encoding');
  if (encoding === null || /^\s*identity\s*$/i.test(encoding))
    return questionIn(body, step, settings, services);
  const decoded = services.decode(body, encoding);
  const read = (plain: DecodedContent | null): StepQuestion | SemanticReason =>
    plain?.complete ? questionIn(plain.bytes, step, settings, services) : 'format';
  return decoded instanceof Promise ? decoded.then(read) : read(decoded);
}

function questionIn(
  bytes: Buffer,
  step: Step,
  settings: SemanticSettings,
  services: QuestionServices,
): StepQuestion | SemanticReason {
  const { exchange } = step;
  const ttlSeconds = Math.min(settings.ttlSeconds, step.controls.askedTtlSeconds ?? Number.POSITIVE_INFINITY);
  const eligible = findEligible(bytes, {
    dialect: step.provider.dialect(step.endpoint),
    kind: endpointKind(step.endpoint),
    model: step.model,
    maxTemperature: settings.maxTemperature,
    ttlSeconds,
  });
  if (typeof eligible === 'string') return eligible;
  const partition = partitioner(step, settings, eligible, services);
  if (partition === null) return 'no-scope';
  const embedder = once(() => services.embedderOf(step, settings));
  const { text } = eligible.place;
  return {
    step,
    settings,
    ttlSeconds,
    account: exchange.account,
    gateway: exchange.gateway.id,
    text,
    errorBudget: settings.errorBudget,
    partition,
    embedder,
    vector: once(async () => (await (await embedder()).embed([text], null))[0]!),
  };
}

/** Null when the scope does not tell callers apart. */
function partitioner(
  step: Step,
  settings: SemanticSettings,
  request: Eligible,
  { credentials, upstream }: QuestionServices,
): ((embedder: string) => string) | null {
  const { exchange, provider } = step;
  step.credential ??= findCredential(step, credentials);
  const metadata = step.controls.metadata;
  const user = metadata?.user_id ?? metadata?.user;
  const scope = scopeOf(settings.scope, {
    tokenId: exchange.token?.id ?? null,
    credential: credentialScope(step, step.credential),
    userId: user === undefined ? null : String(user),
  });
  if (scope === null) return null;
  const address = addressOf(step, step.credential, upstream);
  // A key in the query is a secret of its caller: where all callers share, it is no part of the address.
  const withoutKeys = (path: string): string =>
    settings.scope === 'gateway' ? withoutQueryKeys(path, provider.credentialQuery ?? []) : path;
  return (embedder) =>
    partitionOf({
      account: exchange.account,
      gateway: exchange.gateway.id,
      gatewayCreatedAt: exchange.gateway.createdAt,
      epoch: exchange.gateway.cacheEpoch,
      scope,
      model: step.model,
      provider: `${provider.id} ${provider.revision ?? ''}`,
      base: upstream.baseUrl(step) ?? address.origin,
      upstream: address.origin + withoutKeys(address.path),
      endpoint: withoutKeys(step.endpoint),
      method: exchange.method,
      stream: asksForStream(step),
      behaviourHeaders: behaviourHeaders(step.headers),
      embedder,
      customKey: step.controls.cache?.customKey ?? null,
      request,
    });
}

export function asksForStream(step: Step): boolean {
  return step.facts.stream === true || /stream/i.test(step.endpoint);
}

function withoutQueryKeys(path: string, names: readonly string[]): string {
  const at = path.indexOf('?');
  if (at === -1 || names.length === 0) return path;
  const kept = path
    .slice(at + 1)
    .split('&')
    .filter((pair) => !names.includes(pair.split('=', 1)[0]!));
  return kept.length === 0 ? path.slice(0, at) : `${path.slice(0, at)}?${kept.join('&')}`;
}

/** The request as it may be asked again, in the background. */
export function checkedRequest({ exchange, endpoint, headers, body, provider }: Step): CheckedRequest {
  return {
    gateway: exchange.gateway,
    token: exchange.token,
    method: exchange.method,
    rest: exchange.requestType === 'native' ? exchange.rest : `${provider.id}/${endpoint}`,
    path: endpoint.split('?', 1)[0]!,
    headers,
    body: (body as HeldBody).bytes,
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    if (made === null) {
      made = make();
      // Whoever asks for it handles its failure; nobody need ask.
      made.catch(() => {});
    }
    return made;
  };
}
