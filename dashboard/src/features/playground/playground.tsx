import { Button } from '@cloudflare/kumo/components/button';
import { CodeIcon, DownloadSimpleIcon, PlusIcon, TrashIcon } from '@phosphor-icons/react';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { Provider } from '../../api/providers.ts';
import { may, type Session } from '../../api/session.ts';
import { confirm } from '../../components/confirm.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { callOf, isCall } from './call.ts';
import { ColumnCard } from './column-card.tsx';
import { type Column, MOST_COLUMNS, newColumn } from './columns.ts';
import { continueWith } from './continue.ts';
import { ConversationEditor } from './conversation-editor.tsx';
import { emptyDraft, isEmpty } from './draft.ts';
import type { Loaded } from './from-record.ts';
import { noticeOf } from './load-notice.ts';
import { problemTexts } from './problem-text.ts';
import { firstProvider, modelOf } from './providers.ts';
import { SendBar } from './send-bar.tsx';
import { useColumns } from './use-columns.ts';
import { useDraft } from './use-draft.ts';
import { useLoadedRecord } from './use-loaded-record.ts';
import { usePageKeys } from './use-page-keys.ts';
import { useRuns } from './use-runs.ts';

const CodeDialog = lazy(async () => ({ default: (await import('./code-dialog.tsx')).CodeDialog }));
const LoadDialog = lazy(async () => ({ default: (await import('./load-dialog.tsx')).LoadDialog }));
const DatasetDialog = lazy(async () => ({
  default: (await import('../record/dataset-dialog.tsx')).DatasetDialog,
}));

type Open = { readonly kind: 'code' | 'load' } | { readonly kind: 'dataset'; readonly id: string };

interface PlaygroundProps {
  readonly gateway: string;
  readonly session: Session;
  readonly providers: readonly Provider[];
  /** Ids of the providers with a stored key; null where that is not known. */
  readonly withKey: ReadonlySet<string> | null;
}

const NOTHING: ReadonlySet<string> = new Set();

export function Playground({ gateway, session, providers, withKey }: PlaygroundProps) {
  const { search, change } = useAddress();
  const { draft, setDraft } = useDraft(gateway);
  const { columns, setColumns } = useColumns();
  const runs = useRuns(gateway);
  const [open, setOpen] = useState<Open | null>(null);
  const [notices, setNotices] = useState<readonly string[]>([]);
  const skipsCache = one(search, 'cache') === 'skip';
  const from = one(search, 'from') ?? null;
  const wanted = from !== null && draft.from !== from ? from : null;

  const replacesColumns = useRef(false);
  const answers = useRef<HTMLElement>(null);

  // The models of the address hold over those of the record: whoever sent the link chose them.
  const onLoad = useCallback(
    (loaded: Loaded, provider: string) => {
      setDraft(() => loaded.draft);
      setNotices(noticeOf(loaded, provider));
      const takesColumn = replacesColumns.current;
      replacesColumns.current = false;
      setColumns((before) =>
        loaded.column && (takesColumn || before.length === 0) ? [loaded.column] : before,
      );
    },
    [setDraft, setColumns],
  );
  const loading = useLoadedRecord(gateway, wanted, providers, onLoad);

  const isBare = columns.length === 0 && (wanted === null || loading.error !== null);
  useEffect(() => {
    if (!isBare) return;
    const provider = firstProvider(providers, withKey ?? NOTHING);
    if (provider) setColumns(() => [newColumn(provider.id, modelOf(provider))]);
  }, [isBare, providers, withKey, setColumns]);

  const calls = columns.map((column) =>
    callOf(
      column,
      providers.find(({ id }) => id === column.provider),
      draft,
    ),
  );
  const sendOne = (index: number): void => {
    const call = calls[index];
    const column = columns[index];
    if (call && column && isCall(call)) runs.start(index, call, column.model.trim(), skipsCache);
  };
  const { stopAll, isRunning } = runs;
  const sendAll = (): void => {
    if (isRunning) return;
    for (const index of columns.keys()) sendOne(index);
    answers.current?.scrollIntoView({ block: 'nearest' });
  };
  usePageKeys(sendAll, stopAll, isRunning);

  const load = (id: string): void => {
    setOpen(null);
    setNotices([]);
    runs.clear();
    replacesColumns.current = true;
    // The same one again: what was changed since is given up.
    if (id === from) setDraft((before) => ({ ...before, from: null }));
    change({ from: id, model: undefined });
  };
  const clear = async (): Promise<void> => {
    const isWritten = draft.system !== '' || draft.toolsText !== '' || !draft.messages.every(isEmpty);
    if (
      isWritten &&
      !(await confirm({ title: words.clearTitle, text: words.clearText, action: words.clear }))
    )
      return;
    runs.clear();
    setNotices([]);
    // It still counts as loaded until the address has let go of it.
    setDraft(() => ({ ...emptyDraft(), from }));
    change({ from: undefined });
  };
  const addColumn = (): void =>
    setColumns((before) => {
      const last = before.at(-1);
      return last === undefined || before.length >= MOST_COLUMNS ? before : [...before, last];
    });
  const continueFrom = (index: number): void => {
    const run = runs.at(index);
    if (run === null) return;
    const next = continueWith(draft, run.answer);
    setDraft(() => next);
    runs.clear();
    const place = next.messages.find(({ role, text }, at) => text === '' && role !== 'assistant' && at > 0);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-message="${place?.key}"]`)?.focus(),
    );
  };
  const changeColumn = (index: number, next: Column): void =>
    setColumns((before) => before.map((column, place) => (place === index ? next : column)));
  const removeColumn = (index: number): void => {
    runs.remove(index);
    setColumns((before) => before.filter((_, place) => place !== index));
  };

  const ready = calls.flatMap((call, index) => (isCall(call) ? [{ name: columns[index]!.model, call }] : []));
  const isWide = columns.length > 2;
  return (
    <>
      <PageHeader title={words.title} text={words.text}>
        {may(session, 'read') && (
          <Button icon={<DownloadSimpleIcon />} onClick={() => setOpen({ kind: 'load' })}>
            {words.load}
          </Button>
        )}
        <Button
          icon={<CodeIcon />}
          disabled={ready.length === 0}
          {...(ready.length === 0 && { title: words.problems['no-message'] })}
          onClick={() => setOpen({ kind: 'code' })}
        >
          {words.viewCode}
        </Button>
        <Button icon={<TrashIcon />} onClick={() => void clear()}>
          {words.clear}
        </Button>
      </PageHeader>
      <div aria-live="polite" className="flex flex-col gap-2 empty:hidden">
        {loading.isLoading && <p className="pb-3 text-sm text-kumo-subtle">{words.loading}</p>}
        {notices.map((notice) => (
          <p key={notice} className="pb-3 text-sm text-kumo-warning">
            {notice}
          </p>
        ))}
      </div>
      {loading.error !== null && (
        <div className="pb-4">
          <FailureView title={words.loadFailed} error={loading.error} onRetry={loading.retry} />
        </div>
      )}
      <div
        className={
          isWide
            ? 'flex flex-col gap-4'
            : `grid grid-cols-1 items-start gap-4 ${columns.length > 1 ? BESIDE.two : BESIDE.one}`
        }
      >
        <Panel title={words.conversation}>
          <ConversationEditor draft={draft} isWide={isWide} onChange={setDraft} />
          <SendBar
            problems={problemTexts(columns, calls)}
            count={columns.length}
            isReady={ready.length > 0}
            isRunning={isRunning}
            skipsCache={skipsCache}
            onSkipCache={(skips) => change({ cache: skips ? 'skip' : undefined }, { replace: true })}
            onSend={sendAll}
            onStop={stopAll}
          />
        </Panel>
        <section
          ref={answers}
          aria-label={words.columns}
          className={`flex min-w-0 scroll-mt-16 flex-col gap-3 ${isWide ? '' : columns.length > 1 ? 'xl:sticky xl:top-16' : 'lg:sticky lg:top-16'}`}
        >
          <div className={`grid grid-cols-1 gap-4 ${GRIDS[columns.length] ?? ''}`}>
            {columns.map((column, index) => (
              <ColumnCard
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place; the same model may stand in two
                key={index}
                gateway={gateway}
                column={column}
                providers={providers}
                withKey={withKey}
                run={runs.at(index)}
                mayRead={may(session, 'read')}
                onChange={(next) => changeColumn(index, next)}
                onRemove={columns.length > 1 ? () => removeColumn(index) : null}
                onStop={() => runs.stop(index)}
                onContinue={() => continueFrom(index)}
                onAddToDataset={may(session, 'edit') ? (id) => setOpen({ kind: 'dataset', id }) : null}
              />
            ))}
          </div>
          {columns.length > 0 && columns.length < MOST_COLUMNS && (
            <div>
              <Button size="sm" icon={<PlusIcon />} title={words.addModelHint} onClick={addColumn}>
                {words.addModel}
              </Button>
            </div>
          )}
        </section>
      </div>
      <Suspense>
        {open?.kind === 'code' && (
          <CodeDialog gateway={gateway} calls={ready} onClose={() => setOpen(null)} />
        )}
        {open?.kind === 'load' && (
          <LoadDialog gateway={gateway} onChoose={load} onClose={() => setOpen(null)} />
        )}
        {open?.kind === 'dataset' && (
          <DatasetDialog gateway={gateway} ids={[open.id]} onClose={() => setOpen(null)} />
        )}
      </Suspense>
    </>
  );
}

/** The answers beside the conversation, where both have room. */
const BESIDE = {
  one: 'lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]',
  two: 'xl:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]',
} as const;

const GRIDS: readonly string[] = [
  '',
  '',
  'sm:grid-cols-2',
  'sm:grid-cols-2 xl:grid-cols-3',
  'sm:grid-cols-2 xl:grid-cols-4',
];
