import { GatewayError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import { decodeSegment, readEndpoint, splitEndpoint } from './endpoint.ts';
import { hostedProvider, overrideAddress } from './hosted.ts';
import { joinAddress } from './join-address.ts';

const ROOT = 'https://fal.run';
const TARGET = /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?:\/(.*))?$/i;
// A stored key goes where this header says, so only Fal's own hosts may stand in it.
const OWN_HOST = /^(?:fal\.run|(?:[a-z0-9-]+\.)+fal\.(?:run|ai))$/i;

export const fal: Provider = {
  ...hostedProvider({
    id: 'fal',
    name: 'Fal AI',
    root: ROOT,
    credential: { header: 'authorization', prefix: 'Key ' },
    ownHeaders: ['x-fal-target-url'],
    dialect: 'fal',
    modelFromPath(endpoint) {
      const path = splitEndpoint(endpoint).path.replace(/\/requests(?:\/.*)?$/, '');
      return path === '' ? null : path.split('/').map(decodeSegment).join('/');
    },
  }),
  address(input) {
    const header = input.header('x-fal-target-url');
    const target = header === null ? null : TARGET.exec(header);
    if (header !== null && (!target || !OWN_HOST.test(target[1]!))) {
      throw new GatewayError(
        'invalid-provider',
        'x-fal-target-url is not an address of Fal: https://fal.run/…, https://queue.fal.run/… or another host of fal.run or fal.ai is expected',
      );
    }
    const { path, query } = readEndpoint(target ? (target[2] ?? '') : input.endpoint);
    if (input.baseUrl !== null) return overrideAddress(input.baseUrl, path, query);
    return joinAddress(target ? `https://${target[1]!.toLowerCase()}` : ROOT, path, query);
  },
};
