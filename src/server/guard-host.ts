import { isIP } from 'node:net';

/**
 * Names under which the control plane may be asked for. A page on the internet can make its own name resolve to
 * 127.0.0.1 and then talk to us as its own origin (DNS rebinding); it cannot make the browser send another Host. Plain
 * addresses are safe: nobody can rebind them.
 */
export function hostGuard(
  allowedHosts: readonly string[],
  listenHost: string,
): (hostHeader: string | undefined) => boolean {
  const names = new Set([
    'localhost',
    listenHost.toLowerCase(),
    ...allowedHosts.map((host) => host.toLowerCase()),
  ]);
  return (header) => {
    if (header === undefined) return false;
    const host = header.replace(/:\d{1,5}$/, '').toLowerCase();
    const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
    return isIP(bare) !== 0 || names.has(host.replace(/\.$/, ''));
  };
}
