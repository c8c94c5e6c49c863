import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { CaretDownIcon, CaretUpIcon } from '@phosphor-icons/react';
import { useDeferredValue, useMemo, useState } from 'react';
import { formatCount } from '../../format/numbers.ts';
import { contentWords as words } from '../../words/content.ts';
import { LinesView, useTextRows } from './lines-view.tsx';
import { findMatches, MOST_MATCHES } from './text-rows.ts';

interface SearchedLinesProps {
  readonly label: string;
  readonly text: string;
  readonly isJson: boolean;
  readonly searchLabel: string;
}

/** A text of any length, with a search that goes from match to match. */
export function SearchedLines({ label, text, isJson, searchLabel }: SearchedLinesProps) {
  const { rows, ref } = useTextRows(text);
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const mark = useDeferredValue(wanted);
  const matches = useMemo(() => findMatches(text, rows, mark), [text, rows, mark]);
  const match = matches.length === 0 ? null : matches[at % matches.length]!;
  const go = (by: number): void => setAt((at + by + matches.length) % Math.max(1, matches.length));
  return (
    <div ref={ref} className="min-w-0">
      <div className="flex items-center gap-2 border-b border-kumo-hairline px-4 pb-2">
        <Input
          size="sm"
          type="search"
          aria-label={searchLabel}
          placeholder={searchLabel}
          value={wanted}
          className="w-56 max-w-full"
          onChange={(event) => {
            setWanted(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            go(event.shiftKey ? -1 : 1);
          }}
        />
        {mark !== '' && (
          <>
            <span role="status" className="figures text-kumo-subtle">
              {matches.length === 0 ? 0 : formatCount((at % matches.length) + 1)}/
              {formatCount(matches.length)}
              {matches.length >= MOST_MATCHES && '+'}
            </span>
            <Button
              variant="ghost"
              shape="square"
              size="sm"
              aria-label={words.previousMatch}
              disabled={matches.length === 0}
              icon={<CaretUpIcon />}
              onClick={() => go(-1)}
            />
            <Button
              variant="ghost"
              shape="square"
              size="sm"
              aria-label={words.nextMatch}
              disabled={matches.length === 0}
              icon={<CaretDownIcon />}
              onClick={() => go(1)}
            />
          </>
        )}
      </div>
      <LinesView label={label} text={text} rows={rows} isJson={isJson} mark={mark} match={match} />
    </div>
  );
}
