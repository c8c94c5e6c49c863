import type { ApiServices } from '../../api/services.ts';
import type { Settings } from '../../config/settings.ts';
import type { Clock } from '../../core/clock.ts';
import type { Health } from '../../core/health.ts';
import type { CallGateway } from '../../core/inside-call.ts';
import type { SecretStore } from '../../core/stores/secrets.ts';
import type { PriceBook } from '../../pricing/price.ts';
import { controlHealth, type Figures } from './control-health.ts';
import { priceList } from './price-list.ts';
import { providerList } from './provider-list.ts';
import { keyTester } from './test-key.ts';

export interface ControlFactsOptions {
  readonly settings: Settings;
  readonly prices: PriceBook;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly health: Health;
  readonly dataFolder: string;
  callGateway: CallGateway;
  figures(): Figures;
}

/** What the management API tells of the process, of providers and of prices. */
export function controlFacts(
  options: ControlFactsOptions,
): Pick<ApiServices, 'settings' | 'prices' | 'providerList' | 'testKey' | 'health'> {
  const { clock, figures, health, prices, settings } = options;
  return {
    settings: settings.resolved,
    prices: priceList(prices),
    providerList: providerList(settings.providerUrls, prices),
    testKey: keyTester(options),
    health: controlHealth(health, options.dataFolder, figures, () => clock.tick()),
  };
}
