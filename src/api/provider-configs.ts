import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { newId } from '../core/ids.ts';
import { type StoredKey, storedKeyKey } from '../core/stores/config.ts';
import { type ProviderConfigObject, providerConfigObjectSchema } from './contract.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { conflict, invalid, notFound, pageResponse, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { knownProviderId } from './known-provider.ts';
import { previewSecret, readSecret } from './provider-secret.ts';
import { pagingShape } from './validation.ts';

const tag = 'Provider keys';
const result = { kind: 'one', schema: providerConfigObjectSchema } as const;

const secretField = z
  .string()
  .min(1)
  .max(65_536)
  .meta({ writeOnly: true, description: 'The provider key, or its JSON credentials. Never shown again.' });

const notYet = z
  .union([z.null(), z.literal(0)], { error: 'not available in this version; leave it out' })
  .optional()
  .meta({ description: 'Not available in this version.' });

const createBody = z.strictObject({
  provider_slug: z.string().min(1).max(80),
  alias: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, `_`, `.` or `-`' })
    .default('default'),
  default_config: z
    .boolean()
    .optional()
    .meta({ description: 'Default: true for the first key of a provider.' }),
  secret: secretField.optional(),
  secret_id: z.string().optional().meta({ description: 'Refused: secrets are stored here, with the key.' }),
  rate_limit: notYet,
  rate_limit_period: notYet,
});

const updateBody = z.strictObject({ secret: secretField });

export const providerConfigEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/provider_configs`,
    permission: 'read',
    tag,
    summary: 'List the stored keys of a gateway, never the keys themselves',
    query: z.strictObject(pagingShape(100)),
    result: { kind: 'list', schema: providerConfigObjectSchema },
    handle: (call) => pageResponse(keysOfGateway(call), call.query, showProviderConfig),
  }),
  endpoint({
    method: 'post',
    path: `${GATEWAY}/provider_configs`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Store a provider key',
    body: createBody,
    result,
    handle: (call) => {
      const { account, body, services } = call;
      const gateway = findGateway(call);
      const provider = knownProviderId(services, account, body.provider_slug);
      if (provider === null) {
        const hint = didYouMean(body.provider_slug, services.providers.keys());
        throw invalid(['body', 'provider_slug'], `unknown provider${hint}`);
      }
      if (body.secret_id !== undefined) {
        throw invalid(
          ['body', 'secret_id'],
          'there is no secrets store beside this one: send the key as `secret`',
        );
      }
      if (body.secret === undefined) throw invalid(['body', 'secret'], 'is required');
      if (services.config.snapshot().keys.has(storedKeyKey(account, gateway.id, provider, body.alias))) {
        throw conflict(['body', 'alias'], 'a key of this provider has this alias: replace it with PUT');
      }
      const secret = readSecret(body.secret);
      const siblings = keysOfGateway(call).filter((key) => key.provider === provider);
      const now = services.clock.now();
      const key: StoredKey = {
        id: newId(now),
        account,
        gateway: gateway.id,
        provider,
        alias: body.alias,
        isDefault: body.default_config ?? siblings.length === 0,
        secretId: newId(now),
        preview: previewSecret(secret),
        createdAt: now,
        modifiedAt: now,
        rateLimit: null,
        rateLimitPeriod: null,
      };
      // The value first: a key that the request path can see can be read.
      services.secrets.put(key.secretId, secret);
      services.config.putKey(key);
      if (key.isDefault) {
        for (const sibling of siblings) {
          if (sibling.isDefault) services.config.putKey({ ...sibling, isDefault: false, modifiedAt: now });
        }
      }
      return resultResponse(showProviderConfig(key));
    },
  }),
  endpoint({
    method: 'put',
    path: `${GATEWAY}/provider_configs/{config_id}`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Replace the secret of a stored key, from the next request on',
    body: updateBody,
    result,
    handle: (call) => {
      const { body, services } = call;
      const key = findProviderConfig(call);
      const secret = readSecret(body.secret);
      services.secrets.put(key.secretId, secret);
      const next = { ...key, preview: previewSecret(secret), modifiedAt: services.clock.now() };
      services.config.putKey(next);
      return resultResponse(showProviderConfig(next));
    },
  }),
  endpoint({
    method: 'delete',
    path: `${GATEWAY}/provider_configs/{config_id}`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Delete a stored key and its secret',
    result,
    handle: (call) => {
      const key = findProviderConfig(call);
      call.services.config.deleteKey(key);
      call.services.secrets.delete(key.secretId);
      return resultResponse(showProviderConfig(key));
    },
  }),
];

function keysOfGateway(call: Call<unknown, unknown>): StoredKey[] {
  const gateway = findGateway(call);
  return [...call.services.config.snapshot().keys.values()]
    .filter((key) => key.account === call.account && key.gateway === gateway.id)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function findProviderConfig(call: Call<unknown, unknown>): StoredKey {
  const key = keysOfGateway(call).find((candidate) => candidate.id === call.params.config_id);
  if (key === undefined) throw notFound('provider config');
  return key;
}

export function showProviderConfig(key: StoredKey): ProviderConfigObject {
  return {
    id: key.id,
    gateway_id: key.gateway,
    provider_slug: key.provider,
    alias: key.alias,
    default_config: key.isDefault,
    secret_id: key.secretId,
    secret_preview: key.preview,
    created_at: new Date(key.createdAt).toISOString(),
    modified_at: new Date(key.modifiedAt).toISOString(),
  };
}
