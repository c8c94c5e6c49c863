import type { Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { postForm } from '../upstream/post-form.ts';
import type { SendServices } from '../upstream/send.ts';
import type { Transport } from '../upstream/transport.ts';

/** What sending needs from outside: the network, the time, and where providers are for this gateway and this process. */
export function sendServicesOf(transport: Transport, clock: Clock, settings: Settings): SendServices {
  return {
    transport,
    authorize: {
      get nowMs() {
        return clock.now();
      },
      postForm: (url, form) => postForm(transport, url, form),
    },
    baseUrl: (step) =>
      step.exchange.gateway.providerUrls[step.provider.id] ?? settings.providerUrls[step.provider.id] ?? null,
  };
}
