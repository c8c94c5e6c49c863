import type { Settings } from '../config/settings.ts';
import type { ConfigStore, Gateway } from '../core/stores/config.ts';
import type { Logs } from '../records/open-logs.ts';
import type { Caches } from './open-caches.ts';

export interface GatewayFollower {
  /** To be called when gateways have changed. */
  apply(): void;
  /** Has `follower` told of all gateways, now and at every change. */
  follow(follower: (gateways: readonly Gateway[]) => void): void;
}

/** What follows from the gateways' settings beside the request path. */
export function followGateways(
  config: ConfigStore,
  caches: Caches,
  logs: Pick<Logs, 'applyPolicies'>,
  settings: Pick<Settings, 'logRetentionDays'>,
): GatewayFollower {
  const gateways = (): Gateway[] => [...config.snapshot().gateways.values()];
  const followers: ((gateways: readonly Gateway[]) => void)[] = [
    (all) => {
      if (all.some(({ cacheTtl }) => cacheTtl > 0)) caches.disk.start();
      logs.applyPolicies(
        all.map((gateway) => ({
          account: gateway.account,
          gateway: gateway.id,
          maxRows: gateway.logManagement,
          strategy: gateway.logManagementStrategy,
          maxAgeDays: gateway.logRetentionDays ?? settings.logRetentionDays,
        })),
      );
    },
  ];
  const apply = (): void => {
    for (const follower of followers) follower(gateways());
  };
  apply();
  return {
    apply,
    follow(follower) {
      followers.push(follower);
      follower(gateways());
    },
  };
}
