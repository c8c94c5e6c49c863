import { Select } from '@cloudflare/kumo/components/select';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { gatewaysQuery } from '../../api/gateways.ts';
import { providersQuery } from '../../api/providers.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { providersWords as words } from '../../words/providers.ts';
import { CustomProviders } from './custom-providers.tsx';
import { Keys } from './keys.tsx';

export function Page() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const list = useQuery(gatewaysQuery);
  const gateways = list.data;
  const { data: known = [] } = useQuery(providersQuery);
  const { search, change } = useAddress();
  const gateway = one(search, 'gateway') ?? gateways?.[0]?.id;
  const mayEdit = may(session, 'edit');
  const slugs = known.map(({ id }) => id);
  return (
    <>
      <PageHeader title={words.title} text={words.text}>
        {gateways !== undefined && gateways.length > 0 && gateway !== undefined && (
          <Select
            aria-label={words.gateway}
            items={Object.fromEntries(gateways.map(({ id }) => [id, id]))}
            value={gateway}
            onValueChange={(id) => change({ gateway: id ?? undefined })}
          />
        )}
      </PageHeader>
      <div className="flex flex-col gap-4">
        <Loaded query={list} height="h-40" className="">
          {() =>
            gateway === undefined ? (
              <p className="text-sm text-kumo-subtle">{words.noGateway}</p>
            ) : (
              <Keys key={gateway} gateway={gateway} mayEdit={mayEdit} providers={slugs} />
            )
          }
        </Loaded>
        <CustomProviders mayEdit={mayEdit} />
      </div>
    </>
  );
}
