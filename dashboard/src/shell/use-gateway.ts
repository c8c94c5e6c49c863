import { useParams } from '@tanstack/react-router';
import { stored } from '../browser/stored.ts';

const recent = stored<string>('recent-gateways', '');
const MOST_RECENT = 6;

/** Gateways looked at last, newest first. */
export function useRecentGateways(): readonly string[] {
  return recent.use().split(' ').filter(Boolean);
}

export const latestGateway = (): string | undefined => recent.get().split(' ').find(Boolean);

export function rememberGateway(gateway: string): void {
  const before = recent
    .get()
    .split(' ')
    .filter((one) => one !== '' && one !== gateway);
  recent.set([gateway, ...before].slice(0, MOST_RECENT).join(' '));
}

/** The gateway of the address, undefined on the pages of the account. */
export function useGatewayOfAddress(): string | undefined {
  const { gateway } = useParams({ strict: false }) as { readonly gateway?: string };
  return gateway;
}
