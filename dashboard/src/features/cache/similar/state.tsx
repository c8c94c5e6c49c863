import { Button } from '@cloudflare/kumo/components/button';
import { PlayIcon } from '@phosphor-icons/react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { resumeSemantic, type SemanticSummary } from '../../../api/semantic.ts';
import { carryOut } from '../../../components/carry-out.ts';
import { Moment } from '../../../components/moment.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StatusMark } from '../../../components/status-mark.tsx';
import { formatMoney } from '../../../format/money.ts';
import { formatBytes, formatCount, formatShare } from '../../../format/numbers.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { semanticWords as words } from '../../../words/semantic.ts';
import { TONE_OF_STATE } from './prepare.ts';

interface SettingsLinkProps {
  readonly gateway: string;
  readonly className: string;
  readonly children: ReactNode;
}

function SettingsLink({ gateway, className, children }: SettingsLinkProps) {
  return (
    <Link
      to="/g/$gateway/settings"
      params={{ gateway } as never}
      hash="semantic_cache.mode"
      className={className}
    >
      {children}
    </Link>
  );
}

interface OffProps {
  readonly gateway: string;
  readonly mayRead: boolean;
}

/** What it is, before anybody has seen it. */
export function Off({ gateway, mayRead }: OffProps) {
  return (
    <Panel>
      <div className="mx-auto max-w-xl px-4 py-10">
        <h2 className="text-base font-medium">{words.off.title}</h2>
        <p className="mt-2 text-sm text-kumo-subtle">{words.off.text}</p>
        <ol className="mt-4 flex list-decimal flex-col gap-2 pl-5 text-sm">
          {words.off.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {mayRead && (
          <SettingsLink gateway={gateway} className="mt-6 inline-block">
            <Button variant="primary" tabIndex={-1}>
              {words.toSettings}
            </Button>
          </SettingsLink>
        )}
      </div>
    </Panel>
  );
}

interface StateProps {
  readonly gateway: string;
  readonly summary: SemanticSummary;
  readonly mayRead: boolean;
  readonly mayEdit: boolean;
}

/** What it does at the moment, in words. */
export function State({ gateway, summary, mayRead, mayEdit }: StateProps) {
  const { mode, state, problem, embedder } = summary;
  return (
    <Panel>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 p-4">
        <div className="min-w-0 flex-1 basis-80">
          <h2 className="flex flex-wrap items-center gap-x-3 text-base font-medium">
            {words.modeNames[mode]} <StatusMark tone={TONE_OF_STATE[state]} text={words.states[state]} />
          </h2>
          <p className="mt-1 text-sm text-kumo-subtle">{words.modes[mode]}</p>
          <p className="mt-3">{bringsLine(summary)}</p>
          {summary.look_ups > 0 && <p>{judgedLine(summary)}</p>}
          <p className="mt-3 text-xs break-words text-kumo-subtle">
            {embedder !== null && `${words.embedder(visibleText(embedder))} `}
            {words.kept(formatCount(summary.entries), formatBytes(summary.bytes))}
          </p>
        </div>
        {mayRead && (
          <SettingsLink gateway={gateway} className="text-sm text-kumo-link hover:underline">
            {words.change}
          </SettingsLink>
        )}
      </div>
      {state === 'loading' && (
        <p className="border-t border-kumo-hairline px-4 py-3 text-sm text-kumo-subtle">{words.loading}</p>
      )}
      {state === 'unavailable' && (
        <div role="alert" className="border-t border-kumo-hairline bg-kumo-danger-tint px-4 py-3 text-sm">
          <p className="break-words">{visibleText(problem ?? words.states.unavailable)}</p>
          <p className="mt-1">{words.unavailableHint}</p>
        </div>
      )}
      {state === 'paused' && <Paused {...{ gateway, summary, mayEdit }} />}
    </Panel>
  );
}

function Paused({ gateway, summary, mayEdit }: Omit<StateProps, 'mayRead'>) {
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const resume = async (): Promise<void> => {
    setBusy(true);
    await carryOut(() => resumeSemantic(gateway), { done: words.resumed, failed: words.resumeFailed });
    await client.invalidateQueries({ queryKey: ['semantic', gateway] });
    setBusy(false);
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t border-kumo-hairline bg-kumo-warning-tint px-4 py-3 text-sm">
      <div role="alert" className="min-w-0 flex-1 basis-80">
        <p className="break-words">{visibleText(summary.problem ?? words.states.paused)}</p>
        {summary.paused_since !== null && (
          <p>
            {words.pausedSince} <Moment at={summary.paused_since} />.
          </p>
        )}
      </div>
      {mayEdit && (
        <Button icon={<PlayIcon />} loading={isBusy} onClick={() => void resume()}>
          {words.resume}
        </Button>
      )}
    </div>
  );
}

function bringsLine(summary: SemanticSummary): string {
  const { mode, look_ups: lookUps, served, would_serve: would, saved } = summary;
  const line = words.verdictLine;
  if (lookUps === 0) return line.nothing;
  return mode === 'shadow'
    ? line.shadow(formatCount(would), formatCount(lookUps), formatMoney(saved))
    : line.served(formatCount(served), formatCount(lookUps), formatMoney(saved));
}

function judgedLine({ error }: SemanticSummary): string {
  if (error.judged === 0) return words.verdictLine.notJudged;
  return words.verdictLine.judged(
    formatCount(error.judged),
    formatCount(error.wrong),
    formatShare(error.low),
    formatShare(error.high),
  );
}
