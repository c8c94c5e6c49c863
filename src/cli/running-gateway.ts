import type { ArgsDef } from 'citty';
import type { Settings } from '../config/settings.ts';
import { StartError } from '../config/start-error.ts';
import { Secret } from '../core/secret.ts';
import type { Invocation } from './command.ts';
import { type ManagementClient, managementClient } from './management-client.ts';

/** Flags of the commands that ask a running gateway. */
export const GATEWAY_ARGS: ArgsDef = {
  url: { type: 'string', description: 'Base URL of the running gateway. Default: made of host and port.' },
  token: {
    type: 'string',
    description: 'Admin token of the running gateway. Default: TIDEGATE_ADMIN_TOKEN.',
  },
};

/** The same, as flags that are no settings. */
export const OWN_FLAGS: readonly string[] = ['--url', '--token'];

/** Where the gateway of these settings answers: what listens on every address is reached through loopback. */
export function baseUrlOf(settings: Pick<Settings, 'host' | 'port'>, given?: string): string {
  if (given !== undefined) {
    if (!/^https?:$/.test(URL.parse(given)?.protocol ?? '')) {
      throw new StartError('usage', `--url ${given} is no http(s) URL: give it like http://127.0.0.1:8787`);
    }
    return given.replace(/\/+$/, '');
  }
  const host = settings.host === '0.0.0.0' ? '127.0.0.1' : settings.host === '::' ? '::1' : settings.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${settings.port}`;
}

/** The management API of the gateway that these settings or flags lead to. */
export function runningGateway(settings: Settings, invocation: Invocation): ManagementClient {
  const url = invocation.flags.get('--url')?.at(-1);
  const token = invocation.flags.get('--token')?.at(-1);
  return managementClient(
    baseUrlOf(settings, url),
    settings.account,
    token === undefined ? settings.adminToken : new Secret(token),
  );
}
