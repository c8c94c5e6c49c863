import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { knownProviderId } from './known-provider.ts';

export const urlEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/url/{provider}`,
    permission: 'metadata-read',
    tag: 'Gateways',
    summary: 'Base URL for a provider; `universal` is the gateway’s own',
    result: { kind: 'one', schema: z.string() },
    handle: (call) => {
      const { account, services } = call;
      const gateway = findGateway(call);
      const provider = call.params.provider ?? '';
      const base = `${services.publicBaseUrl(call.request)}/v1/${encodeURIComponent(account)}/${gateway.id}`;
      if (provider === 'universal') return resultResponse(base);
      if (provider !== 'compat' && knownProviderId(services, account, provider) === null) {
        throw notFound('provider', didYouMean(provider, services.providers.keys()));
      }
      return resultResponse(`${base}/${provider}`);
    },
  }),
];
