import type { Clock } from '../core/clock.ts';
import type { Health } from '../core/health.ts';

const COMPONENT = 'file-descriptors';

/** Says in /healthz when no connection can be opened for want of file descriptors, until one is again. */
export function watchDescriptors(error: Error | null, health: Health, clock: Clock): void {
  if (error === null) {
    if (health.isDegraded(COMPONENT)) health.recover(COMPONENT);
    return;
  }
  const code = (error as { code?: unknown }).code;
  if (code !== 'EMFILE' && code !== 'ENFILE') return;
  const whose = code === 'EMFILE' ? 'this process' : 'this machine';
  health.count('connections_without_descriptor');
  health.degrade(
    COMPONENT,
    `${whose} has no free file descriptor for a connection to a provider: raise its limit (ulimit -n)`,
    clock.now(),
  );
}
