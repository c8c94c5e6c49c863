import { Button } from '@cloudflare/kumo/components/button';
import { CheckIcon, XIcon } from '@phosphor-icons/react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SimilarHit } from '../../../api/semantic.ts';
import { Moment } from '../../../components/moment.tsx';
import { Money } from '../../../components/money.tsx';
import { Questions } from '../../../components/questions.tsx';
import { StatusMark } from '../../../components/status-mark.tsx';
import { formatDuration } from '../../../format/durations.ts';
import { formatFineShare } from '../../../format/numbers.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { similarWords } from '../../../words/semantic.ts';
import { verdictMark } from './prepare.ts';

const words = similarWords.hits;

interface HitCardProps {
  readonly gateway: string;
  readonly hit: SimilarHit;
  /** Null for those who may not. */
  readonly judge: ((id: string, verdict: 'right' | 'wrong') => Promise<void>) | null;
}

/** What was asked, what was answered before, and what became of it. */
export function HitCard({ gateway, hit, judge }: HitCardProps) {
  const mark = verdictMark(hit);
  return (
    <li className="border-t border-kumo-hairline p-4">
      <p className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-xs text-kumo-subtle">
        <StatusMark tone={mark.tone} text={mark.text} />
        {mark.by !== null && <span>{mark.by}</span>}
        <span>{hit.served ? words.wasServed : words.wouldServe}</span>
        <Moment at={hit.created_at} isRelative />
        {hit.model !== null && <bdi className="figures text-xs break-all">{visibleText(hit.model)}</bdi>}
      </p>
      <Questions asked={hit.asked} stored={hit.stored} />
      {hit.note !== null && hit.note !== '' && (
        <p className="mt-2 text-xs break-words text-kumo-subtle">
          <bdi>{visibleText(hit.note)}</bdi>
        </p>
      )}
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <dl className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
          <Fact name={words.similarity} hint={words.similarityHint}>
            {hit.similarity.toFixed(3)}
          </Fact>
          <Fact name={words.probability} hint={words.probabilityHint}>
            {formatFineShare(hit.probability)}
          </Fact>
          <Fact name={hit.served ? words.saved : words.wouldSave}>
            <Money usd={hit.saved} />
          </Fact>
          <Fact name={words.age}>{formatDuration(hit.age * 1000)}</Fact>
          <Fact name={words.records}>
            <span className="flex gap-x-3 font-sans">
              {hit.log_id !== null && (
                <LogLink gateway={gateway} id={hit.log_id}>
                  {words.openAsked}
                </LogLink>
              )}
              <LogLink gateway={gateway} id={hit.stored_log_id}>
                {words.openStored}
              </LogLink>
            </span>
          </Fact>
        </dl>
        {judge && (
          <div className="flex gap-2">
            <Button
              size="sm"
              icon={<CheckIcon />}
              aria-label={words.rightLabel}
              aria-pressed={hit.verdict === 'right' && hit.judged_by === 'person'}
              onClick={() => void judge(hit.id, 'right')}
            >
              {words.right}
            </Button>
            <Button
              size="sm"
              variant="secondary-destructive"
              icon={<XIcon />}
              disabled={hit.verdict === 'wrong' && hit.judged_by === 'person'}
              onClick={() => void judge(hit.id, 'wrong')}
            >
              {words.wrong}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}

interface FactProps {
  readonly name: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

function Fact({ name, hint, children }: FactProps) {
  return (
    <div className="flex items-baseline gap-1.5" {...(hint !== undefined && { title: hint })}>
      <dt className="text-kumo-subtle">{name}</dt>
      <dd className="figures text-xs">{children}</dd>
    </div>
  );
}

interface LogLinkProps {
  readonly gateway: string;
  readonly id: string;
  readonly children: ReactNode;
}

function LogLink({ gateway, id, children }: LogLinkProps) {
  return (
    <Link
      to="/g/$gateway/logs/$log"
      params={{ gateway, log: id } as never}
      className="text-kumo-link hover:underline"
    >
      {children}
    </Link>
  );
}
