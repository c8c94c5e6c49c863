import { Banner } from '@cloudflare/kumo/components/banner';
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { ShieldCheckIcon } from '@phosphor-icons/react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type AuditEntry, type AuditVerdict, auditQuery, verifyAudit } from '../../api/audit.ts';
import { gatewayQuery, replaceGateway } from '../../api/gateways.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { notifyFailure } from '../../components/toasts.ts';
import { TimeRangeControl } from '../../filters/time-range-control.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { formatCount } from '../../format/numbers.ts';
import { auditWords as words } from '../../words/audit.ts';
import { EntryRow } from './entry-row.tsx';
import { undoOf } from './prepare.ts';
import { auditInput, auditRange } from './queries.ts';

const EVERY = 'every';

export function Page() {
  const { search, change } = useAddress();
  const list = useQuery({
    ...auditQuery(auditInput(search)),
    placeholderData: keepPreviousData,
  });
  const undo = useUndo();
  const choose = (name: string) => (value: string | null) =>
    change({ [name]: value === EVERY || value === null ? undefined : value, page: undefined });
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      <Verification />
      <div className="mb-4 flex flex-wrap items-end gap-2">
        <Select
          aria-label={words.kind}
          items={{ [EVERY]: words.everyKind, ...words.kinds }}
          value={one(search, 'kind') ?? EVERY}
          onValueChange={choose('kind')}
        />
        <Select
          aria-label={words.action}
          items={{ [EVERY]: words.everyAction, ...words.actions }}
          value={one(search, 'action') ?? EVERY}
          onValueChange={choose('action')}
        />
        <ActorInput
          value={one(search, 'actor') ?? ''}
          onChange={(actor) => change({ actor: actor === '' ? undefined : actor, page: undefined })}
        />
        <span className="ml-auto">
          <TimeRangeControl
            range={auditRange(search)}
            onChange={({ from, to }) => change({ from, to: to === 'now' ? undefined : to, page: undefined })}
          />
        </span>
      </div>
      <Panel>
        <Loaded query={list} count={6} height="h-11">
          {(data) =>
            data.rows.length === 0 ? (
              <p className="px-4 py-10 text-center text-sm text-kumo-subtle">{words.empty}</p>
            ) : (
              <>
                <ul
                  aria-label={words.entries}
                  className={`-mt-px ${list.isPlaceholderData ? 'opacity-50' : ''}`}
                >
                  {data.rows.map((entry) => (
                    <EntryRow key={entry.id} entry={entry} onUndo={(chosen) => void undo(chosen)} />
                  ))}
                </ul>
                <Pager
                  info={data.info}
                  onPage={(page) => change({ page: page === 1 ? undefined : String(page) })}
                />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

interface ActorInputProps {
  readonly value: string;
  readonly onChange: (actor: string) => void;
}

/** Asked for when it is written, and not with each letter: the log is searched by the whole name. */
function ActorInput({ value, onChange }: ActorInputProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(String(new FormData(event.currentTarget).get('actor') ?? '').trim());
      }}
    >
      <Input
        key={value}
        name="actor"
        aria-label={words.actor}
        placeholder={words.actorHint}
        defaultValue={value}
        autoComplete="off"
        onBlur={(event) => event.target.value.trim() !== value && onChange(event.target.value.trim())}
      />
    </form>
  );
}

function Verification() {
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [isBusy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    try {
      setVerdict(await verifyAudit());
    } catch (error) {
      notifyFailure(words.verifyFailed, error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="mb-4 flex flex-col items-start gap-2" aria-live="polite">
      {verdict === null ? (
        <Button icon={<ShieldCheckIcon />} loading={isBusy} onClick={() => void verify()}>
          {words.verify}
        </Button>
      ) : verdict.broken === null ? (
        <Banner variant="secondary" icon={<ShieldCheckIcon />}>
          <span className="break-all">
            {words.verified(formatCount(verdict.entries))} {verdict.head !== null && words.head(verdict.head)}
          </span>
        </Banner>
      ) : (
        <Banner variant="error">
          {words.broken(formatCount(verdict.broken.sequence), verdict.broken.reason)}
        </Banner>
      )}
    </div>
  );
}

function useUndo(): (entry: AuditEntry) => Promise<void> {
  const client = useQueryClient();
  return async (entry) => {
    const settings = undoOf(entry);
    const gateway = entry.resource.id;
    if (settings === null || gateway === null) return;
    const question = {
      title: words.undoTitle,
      text: words.undoText(gateway, Object.keys(settings).join(', ')),
      action: words.undo,
    };
    if (!(await confirm(question))) return;
    const work = async (): Promise<void> => {
      const { id: _, ...now } = await client.fetchQuery({ ...gatewayQuery(gateway), staleTime: 0 });
      client.setQueryData(
        gatewayQuery(gateway).queryKey,
        await replaceGateway(gateway, { ...now, ...settings }),
      );
    };
    await carryOut(work, { done: words.undone, failed: words.undoFailed });
    await client.invalidateQueries({ queryKey: ['audit'] });
  };
}
