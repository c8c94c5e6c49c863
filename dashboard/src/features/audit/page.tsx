import { Banner } from '@cloudflare/kumo/components/banner';
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { ShieldCheckIcon } from '@phosphor-icons/react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type AuditEntry, type AuditVerdict, auditQuery, verifyAudit } from '../../api/audit.ts';
import { gatewayQuery, replaceGateway } from '../../api/gateways.ts';
import { confirm } from '../../components/confirm.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { notify, notifyFailure } from '../../components/toasts.ts';
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
  const { data, error, refetch, isPlaceholderData } = useQuery({
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
        {error ? (
          <div className="p-4">
            <FailureView error={error} onRetry={() => void refetch()} />
          </div>
        ) : data === undefined ? (
          <div className="p-4">
            <Skeleton className="h-11 w-full" count={6} />
          </div>
        ) : data.rows.length === 0 ? (
          <p className="px-4 py-10 text-center text-sm text-kumo-subtle">{words.empty}</p>
        ) : (
          <>
            <ul aria-label={words.entries} className={`-mt-px ${isPlaceholderData ? 'opacity-50' : ''}`}>
              {data.rows.map((entry) => (
                <EntryRow key={entry.id} entry={entry} onUndo={(chosen) => void undo(chosen)} />
              ))}
            </ul>
            <Pager
              info={data.info}
              onPage={(page) => change({ page: page === 1 ? undefined : String(page) })}
            />
          </>
        )}
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
    try {
      const { id: _, ...now } = await client.fetchQuery({ ...gatewayQuery(gateway), staleTime: 0 });
      client.setQueryData(
        gatewayQuery(gateway).queryKey,
        await replaceGateway(gateway, { ...now, ...settings }),
      );
      notify({ title: words.undone, variant: 'success' });
    } catch (error) {
      notifyFailure(words.undoFailed, error);
    }
    await client.invalidateQueries({ queryKey: ['audit'] });
  };
}
