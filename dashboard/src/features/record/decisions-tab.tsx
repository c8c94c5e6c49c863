import { Link } from '@tanstack/react-router';
import type { LogRow } from '../../api/logs.ts';
import { HostileText } from '../../components/hostile-text.tsx';
import { decisionWords as words } from '../../words/record.ts';
import type { DecisionSentence, RulePlace } from './decision-sentence.ts';
import { decisionSentences } from './decision-sentences.ts';

interface DecisionsTabProps {
  readonly gateway: string;
  readonly log: LogRow;
}

const TONE: Readonly<Record<DecisionSentence['tone'], string>> = {
  plain: 'border border-kumo-line rounded-full',
  good: 'bg-kumo-success rounded-full',
  warning: 'bg-kumo-warning rotate-45',
  bad: 'bg-kumo-danger',
};

export function DecisionsTab({ gateway, log }: DecisionsTabProps) {
  const sentences = decisionSentences(log);
  if (sentences.length === 0) return <p className="p-4 text-sm text-kumo-subtle">{words.none}</p>;
  return (
    <section className="p-4">
      <h3 className="mb-3 text-sm font-medium">{words.title}</h3>
      <ol className="flex flex-col">
        {sentences.map((sentence, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: decisions stand in the order in which they were made
          <li key={index} className="flex gap-3 pb-4 last:pb-0">
            <span aria-hidden="true" className="flex flex-col items-center">
              <span className={`mt-1.5 size-2 shrink-0 ${TONE[sentence.tone]}`} />
              {index < sentences.length - 1 && <span className="mt-1.5 -mb-4 w-px flex-1 bg-kumo-hairline" />}
            </span>
            <span className="min-w-0 text-sm break-words">
              <HostileText text={sentence.text} />
              {sentence.place && (
                <>
                  {' '}
                  <PlaceLink gateway={gateway} place={sentence.place} />
                </>
              )}
              {sentence.detail !== null && (
                <span className="figures mt-0.5 block text-xs break-all whitespace-pre-wrap text-kumo-subtle">
                  <HostileText text={sentence.detail} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function PlaceLink({ gateway, place }: { readonly gateway: string; readonly place: RulePlace }) {
  const target = {
    settings: {
      to: '/g/$gateway/settings',
      params: { gateway },
      hash: place.kind === 'settings' ? place.field : undefined,
    },
    providers: { to: '/providers' },
    access: { to: '/access' },
    record: {
      to: '/g/$gateway/logs/$log',
      params: { gateway, log: place.kind === 'record' ? place.id : '' },
    },
  }[place.kind];
  return (
    <Link
      {...(target as { to: string })}
      className="text-xs whitespace-nowrap text-kumo-link hover:underline"
    >
      {words.places[place.kind]}
    </Link>
  );
}
