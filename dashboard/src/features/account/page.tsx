import { Tabs } from '@cloudflare/kumo/components/tabs';
import { useSuspenseQuery } from '@tanstack/react-query';
import { may, sessionQuery } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { accountWords as words } from '../../words/account.ts';
import { HealthTab } from './health.tsx';
import { PricesTab } from './prices.tsx';
import { ProcessSettingsTab } from './process-settings.tsx';

const TABS = { health: HealthTab, prices: PricesTab, settings: ProcessSettingsTab } as const;
type TabName = keyof typeof TABS;

export function Page() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { search, change } = useAddress();
  const shown = (Object.keys(TABS) as TabName[]).filter(
    (name) => name !== 'settings' || may(session, 'read'),
  );
  const wanted = one(search, 'tab');
  const current = shown.find((name) => name === wanted) ?? 'health';
  const Tab = TABS[current];
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      <div className="mb-4">
        <Tabs
          variant="underline"
          tabs={shown.map((name) => ({ value: name, label: words.tabs[name] }))}
          value={current}
          onValueChange={(tab) =>
            change({
              tab: tab === 'health' ? undefined : tab,
              page: undefined,
              model: undefined,
              provider: undefined,
            })
          }
        />
      </div>
      <Tab />
    </>
  );
}
