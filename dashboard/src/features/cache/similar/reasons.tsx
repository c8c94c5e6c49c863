import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { SemanticSummary } from '../../../api/semantic.ts';
import { Panel } from '../../../components/panel.tsx';
import { logsLink } from '../../../filters/links.ts';
import { formatCount, formatShare } from '../../../format/numbers.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { semanticWords } from '../../../words/semantic.ts';
import { reasonWords } from '../../../words/semantic-reasons.ts';
import { rankReasons } from './prepare.ts';

const words = semanticWords.reasons;
const MOST_AT_FIRST = 8;

interface ReasonsProps {
  readonly gateway: string;
  readonly summary: SemanticSummary;
}

/** Why requests got no similar answer, the most frequent reason first; each opens the requests of the counted days. */
export function Reasons({ gateway, summary }: ReasonsProps) {
  const [isOpen, setOpen] = useState(false);
  const ranked = rankReasons(summary.reasons);
  const shown = isOpen ? ranked : ranked.slice(0, MOST_AT_FIRST);
  return (
    <Panel title={words.title}>
      {ranked.length === 0 ? (
        <p className="px-4 py-8 text-center text-sm text-kumo-subtle">{words.empty}</p>
      ) : (
        <ol className="flex flex-col gap-3 p-4 pt-2">
          {shown.map(({ reason, count, length }) => {
            const { name, text } = reasonWords(reason);
            return (
              <li key={reason} className="min-w-0">
                <p className="flex items-baseline justify-between gap-4">
                  <Link
                    {...logsLink(gateway, {
                      range: { from: summary.from, to: summary.to },
                      filters: [{ key: 'cache_reason', operator: 'eq', values: [reason] }],
                    })}
                    aria-label={words.open(visibleText(name))}
                    className="min-w-0 font-medium text-kumo-link hover:underline"
                  >
                    {visibleText(name)}
                  </Link>
                  <span className="figures whitespace-nowrap">
                    {formatCount(count)}
                    <span className="ml-2 text-xs text-kumo-subtle">
                      {formatShare(count, summary.look_ups)}
                    </span>
                  </span>
                </p>
                <div aria-hidden="true" className="my-1 h-1.5 rounded-full bg-kumo-tint">
                  <div
                    className="h-full min-w-1 rounded-full bg-tide"
                    style={{ width: `${length * 100}%` }}
                  />
                </div>
                <p className="text-xs text-kumo-subtle">{text}</p>
              </li>
            );
          })}
        </ol>
      )}
      {ranked.length > MOST_AT_FIRST && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="mx-4 mb-3 rounded-sm text-sm text-kumo-link hover:underline"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? words.less : words.more(formatCount(ranked.length - MOST_AT_FIRST))}
        </button>
      )}
    </Panel>
  );
}
