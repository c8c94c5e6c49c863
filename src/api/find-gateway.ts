import { type Gateway, gatewayKey } from '../core/stores/config.ts';
import type { Call } from './endpoint.ts';
import { notFound } from './envelope.ts';

/** The gateway of the path, in the account of the caller. */
export function findGateway(call: Call<unknown, unknown>): Gateway {
  const id = call.params.gateway_id ?? '';
  const gateway = call.services.config.snapshot().gateways.get(gatewayKey(call.account, id));
  // The key is joined by a slash: an id that has one would name a gateway of another account.
  if (gateway === undefined || gateway.account !== call.account || gateway.id !== id) {
    throw notFound('gateway');
  }
  return gateway;
}
