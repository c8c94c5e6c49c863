import { Button } from '@cloudflare/kumo/components/button';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { GatewayObject } from '../../../../src/api/contract.ts';
import { deleteGateway, gatewayQuery, replaceGateway } from '../../api/gateways.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { notify } from '../../components/toasts.ts';
import { usePathParameter } from '../../filters/use-address.ts';
import { settingsWords as words } from '../../words/settings.ts';
import { FieldRow } from './field-row.tsx';
import { SECTIONS, savedValue } from './fields.ts';
import { bodyOf, type Change, changesOf, type Draft, problemOf } from './prepare.ts';
import { Review } from './review.tsx';

export function Page() {
  const gateway = usePathParameter('gateway');
  const settings = useQuery(gatewayQuery(gateway));
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title={words.title} text={words.text(gateway)} />
      <Loaded query={settings} count={4} height="h-40" className="">
        {(data) => <Settings gateway={data} />}
      </Loaded>
    </div>
  );
}

function Settings({ gateway }: { readonly gateway: GatewayObject }) {
  const [draft, setDraft] = useState<Draft>({});
  const { data: session } = useSuspenseQuery(sessionQuery);
  const client = useQueryClient();
  const isDisabled = !may(session, 'edit');
  const changes = changesOf(gateway, draft);
  const count = changes?.length ?? Object.keys(draft).length;
  useTarget();

  const save = async (wanted: readonly Change[]): Promise<void> => {
    const saved = await replaceGateway(gateway.id, bodyOf(gateway, wanted));
    client.setQueryData(gatewayQuery(gateway.id).queryKey, saved);
    void client.invalidateQueries({ queryKey: ['gateways'] });
    setDraft({});
    notify({ title: words.saved, variant: 'success' });
  };

  return (
    <>
      {isDisabled && <p className="mb-4 text-sm text-kumo-subtle">{words.readOnly}</p>}
      <div className="flex flex-col gap-4">
        {SECTIONS.map(({ name, fields }) => (
          <Panel key={name} title={words.sections[name]}>
            <div className="mt-2">
              {fields.map((field) => (
                <FieldRow
                  key={field.name}
                  field={field}
                  saved={savedValue(gateway, field.name)}
                  typed={draft[field.name]}
                  problem={problemOf(field, draft)}
                  isDisabled={isDisabled}
                  onChange={(typed) => setDraft((before) => ({ ...before, [field.name]: typed }))}
                />
              ))}
            </div>
          </Panel>
        ))}
        {!isDisabled && <Deletion gateway={gateway.id} />}
      </div>
      <Review
        gateway={gateway.id}
        changes={changes}
        count={count}
        onDiscard={() => setDraft({})}
        onSave={save}
      />
    </>
  );
}

/** A link to a field (`#cache_ttl`) comes before the field is there. */
function useTarget(): void {
  useEffect(() => {
    const name = window.location.hash.slice(1);
    if (name !== '') document.getElementById(name)?.scrollIntoView({ block: 'center' });
  }, []);
}

function Deletion({ gateway }: { readonly gateway: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = async (): Promise<void> => {
    const question = { title: words.remove, text: words.dangerText, action: words.remove };
    if (!(await confirm({ ...question, isDangerous: true, typed: gateway }))) return;
    const work = async (): Promise<void> => {
      await deleteGateway(gateway);
      await client.invalidateQueries({ queryKey: ['gateways'] });
    };
    if (await carryOut(work, { done: words.removed(gateway), failed: words.removeFailed }))
      await navigate({ to: '/' });
  };
  return (
    <Panel title={words.danger}>
      <div className="flex flex-wrap items-center justify-between gap-4 p-4 pt-1">
        <p className="max-w-xl text-sm text-kumo-subtle">{words.dangerText}</p>
        <Button variant="secondary-destructive" onClick={() => void remove()}>
          {words.remove}
        </Button>
      </div>
    </Panel>
  );
}
