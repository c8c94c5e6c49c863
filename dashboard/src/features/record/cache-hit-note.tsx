import { Button } from '@cloudflare/kumo/components/button';
import { ApproximateEqualsIcon, UsersThreeIcon, XIcon } from '@phosphor-icons/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LogRow } from '../../api/logs.ts';
import { judgeHit, similarHitQuery } from '../../api/semantic.ts';
import { may, type Session } from '../../api/session.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Questions } from '../../components/questions.tsx';
import { formatDuration } from '../../format/durations.ts';
import { formatFineShare } from '../../format/numbers.ts';
import { cacheHitWords as words } from '../../words/record.ts';
import { similarWords } from '../../words/semantic.ts';
import { type CacheHit, cacheHitOf } from './cache-hit.ts';

interface CacheHitNoteProps {
  readonly gateway: string;
  readonly log: LogRow;
  readonly session: Session;
}

/** Of an answer that another request paid for: whose it is, and the way to say that it was the wrong one. */
export function CacheHitNote({ gateway, log, session }: CacheHitNoteProps) {
  const hit = cacheHitOf(log);
  if (hit === null) return null;
  const Icon = hit.kind === 'shared' ? UsersThreeIcon : ApproximateEqualsIcon;
  return (
    <section
      aria-label={words.title[hit.kind]}
      className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-md bg-kumo-success-tint px-3 py-2 text-sm"
    >
      <div className="flex min-w-0 flex-1 basis-72 gap-2">
        <Icon size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-kumo-success" />
        <div className="min-w-0">
          <p>
            <span className="font-medium">{words.title[hit.kind]}.</span> {words.text[hit.kind]}{' '}
            {hit.paidBy !== null && (
              <RecordLink gateway={gateway} id={hit.paidBy}>
                {words.paid[hit.kind]}
              </RecordLink>
            )}
          </p>
          {hit.kind === 'semantic' && <Similar gateway={gateway} hit={hit} />}
        </div>
      </div>
      {hit.kind === 'semantic' && <Evidence {...{ gateway, session }} id={log.id} />}
    </section>
  );
}

interface SimilarProps {
  readonly gateway: string;
  readonly hit: CacheHit & { readonly kind: 'semantic' };
}

function Similar({ gateway, hit }: SimilarProps) {
  const figures = [
    hit.similarity !== null && words.similarity(hit.similarity.toFixed(3)),
    hit.probability !== null && words.probability(formatFineShare(hit.probability)),
    hit.ageSeconds !== null && words.age(formatDuration(hit.ageSeconds * 1000)),
  ].filter((text) => text !== false);
  return (
    <p className="flex flex-wrap gap-x-4 text-xs text-kumo-subtle">
      {figures.map((text) => (
        <span key={text}>{text}</span>
      ))}
      {hit.entry !== '' && (
        <Link
          to="/g/$gateway/cache"
          params={{ gateway } as never}
          search={{ tab: 'hits', entry: hit.entry } as never}
          className="text-kumo-link underline"
        >
          {words.hitsOfEntry}
        </Link>
      )}
    </p>
  );
}

interface EvidenceProps {
  readonly gateway: string;
  readonly id: string;
  readonly session: Session;
}

/** Both questions, what is known about this answer, and a person's word on it. */
function Evidence({ gateway, id, session }: EvidenceProps) {
  const client = useQueryClient();
  // A hit that is older than what is kept of them is not there: then the decisions still tell of it.
  const { data: hit } = useQuery({ ...similarHitQuery(gateway, id), retry: false });
  const { hits } = similarWords;
  const isWrong = hit?.verdict === 'wrong' && hit.judged_by === 'person';
  const mark = async (): Promise<void> => {
    const question = { title: hits.wrongTitle, text: hits.wrongText, action: hits.wrongAction };
    if (!(await confirm({ ...question, isDangerous: true }))) return;
    await carryOut(() => judgeHit(gateway, id, 'wrong'), { done: hits.markedWrong, failed: hits.failed });
    await client.invalidateQueries({ queryKey: ['semantic', gateway] });
  };
  return (
    <>
      {may(session, 'edit') && (
        <Button
          size="sm"
          variant="secondary-destructive"
          icon={<XIcon />}
          disabled={isWrong}
          onClick={() => void mark()}
        >
          {isWrong ? hits.markedBefore : hits.wrong}
        </Button>
      )}
      {hit && (
        <div className="w-full">
          <Questions asked={hit.asked} stored={hit.stored} />
        </div>
      )}
    </>
  );
}

interface RecordLinkProps {
  readonly gateway: string;
  readonly id: string;
  readonly children: ReactNode;
}

function RecordLink({ gateway, id, children }: RecordLinkProps) {
  return (
    <Link
      to="/g/$gateway/logs/$log"
      params={{ gateway, log: id } as never}
      className="text-kumo-link underline"
    >
      {children}
    </Link>
  );
}
