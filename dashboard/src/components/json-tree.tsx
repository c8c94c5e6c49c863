import { CaretRightIcon } from '@phosphor-icons/react';
import { useState } from 'react';
import { formatCount } from '../format/numbers.ts';
import { contentWords as words } from '../words/content.ts';
import { FoldedText } from './folded-text.tsx';
import { HostileText } from './hostile-text.tsx';

interface JsonTreeProps {
  readonly value: unknown;
  readonly mark?: string;
  /** Levels that are open at first. */
  readonly open?: number;
}

const MOST_ROWS = 50;

/** JSON as a tree: objects and lists fold, long texts fold, nothing is cut. */
export function JsonTree({ value, mark = '', open = 2 }: JsonTreeProps) {
  const entries = entriesOf(value);
  if (entries === null) return <Scalar value={value} mark={mark} />;
  return <Entries entries={entries} mark={mark} open={open} isRoot />;
}

type Entry = readonly [name: string, value: unknown];

function entriesOf(value: unknown): readonly Entry[] | null {
  if (typeof value !== 'object' || value === null) return null;
  return Array.isArray(value) ? value.map((item, index) => [String(index), item]) : Object.entries(value);
}

interface EntriesProps {
  readonly entries: readonly Entry[];
  readonly mark: string;
  readonly open: number;
  readonly isRoot?: boolean;
}

function Entries({ entries, mark, open, isRoot = false }: EntriesProps) {
  const [most, setMost] = useState(MOST_ROWS);
  const rest = entries.length - most;
  return (
    <ul className={`min-w-0 text-[13px] ${isRoot ? '' : 'ml-1.5 border-l border-kumo-hairline pl-3'}`}>
      {entries.slice(0, most).map(([name, value]) => (
        <Entry key={name} name={name} value={value} mark={mark} open={open} />
      ))}
      {rest > 0 && (
        <li>
          <button
            type="button"
            className="rounded-sm text-xs text-kumo-link hover:underline"
            onClick={() => setMost(most * 10)}
          >
            {words.more(formatCount(rest))}
          </button>
        </li>
      )}
    </ul>
  );
}

interface EntryProps {
  readonly name: string;
  readonly value: unknown;
  readonly mark: string;
  readonly open: number;
}

function Entry({ name, value, mark, open }: EntryProps) {
  const entries = entriesOf(value);
  const [isOpen, setOpen] = useState(open > 0);
  if (entries === null || entries.length === 0) {
    return (
      <li className="flex min-w-0 flex-wrap gap-x-2 py-px">
        <span className="figures shrink-0 text-kumo-subtle">
          <HostileText text={name} mark={mark} />
        </span>
        <span className="min-w-0 flex-1 basis-40">
          {entries === null ? (
            <Scalar value={value} mark={mark} />
          ) : (
            <span className="figures">{Array.isArray(value) ? '[]' : '{}'}</span>
          )}
        </span>
      </li>
    );
  }
  const isFound = mark !== '' && JSON.stringify(value).toLowerCase().includes(mark.toLowerCase());
  const isShown = isOpen || isFound;
  const size = formatCount(entries.length);
  return (
    <li className="min-w-0 py-px">
      <button
        type="button"
        aria-expanded={isShown}
        className="flex items-center gap-1 rounded-sm hover:bg-kumo-tint"
        onClick={() => setOpen(!isOpen)}
      >
        <CaretRightIcon size={10} aria-hidden="true" className={isShown ? 'rotate-90' : ''} />
        <span className="figures text-kumo-subtle">
          <HostileText text={name} mark={mark} />
        </span>
        <span className="text-xs text-kumo-subtle">
          {Array.isArray(value) ? words.items(size) : words.fields(size)}
        </span>
      </button>
      {isShown && <Entries entries={entries} mark={mark} open={open - 1} />}
    </li>
  );
}

function Scalar({ value, mark }: { readonly value: unknown; readonly mark: string }) {
  if (typeof value === 'string') return <FoldedText text={value} mark={mark} lines={8} isMono />;
  return (
    <span className="figures text-tide">
      <HostileText text={JSON.stringify(value) ?? String(value)} mark={mark} />
    </span>
  );
}
