import type { Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import type { Health } from '../core/health.ts';
import { watchDescriptors } from '../telemetry/watch-descriptors.ts';
import { Transport } from '../upstream/transport.ts';

/** The door to the network, as the operator has set it. */
export function openTransport(settings: Settings, health: Health, clock: Clock): Transport {
  return new Transport({
    allowPrivate: settings.allowPrivate,
    connectTimeoutMs: settings.connectTimeoutMs,
    idleTimeoutMs: settings.upstreamIdleMs,
    maxHeaderBytes: settings.maxHeaderBytes,
    onDial: (error) => watchDescriptors(error, health, clock),
  });
}
