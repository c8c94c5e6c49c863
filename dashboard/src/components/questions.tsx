import { useMemo, useState } from 'react';
import { visibleText } from '../format/visible-text.ts';
import { type DiffPiece, diffWords, ownWords } from '../format/word-diff.ts';
import { similarWords as words } from '../words/semantic.ts';
import { DiffText } from './diff-text.tsx';

interface QuestionsProps {
  readonly asked: string;
  readonly stored: string;
}

/** About what six lines hold. */
const LONG = 420;
const MOST_NAMED = 8;

/** Two questions side by side, with the words marked that only one of them has. */
export function Questions({ asked, stored }: QuestionsProps) {
  const diff = useMemo(() => diffWords(asked, stored), [asked, stored]);
  const [isOpen, setOpen] = useState(false);
  const isLong = Math.max(asked.length, stored.length) > LONG;
  const fold = isLong && !isOpen ? 'line-clamp-6' : '';
  return (
    <div className="min-w-0">
      <dl className="grid min-w-0 gap-x-6 gap-y-2 sm:grid-cols-2">
        <Question name={words.asked} pieces={diff.one} fold={fold} />
        <Question name={words.stored} pieces={diff.other} fold={fold} />
      </dl>
      <p className="sr-only">{spoken(diff)}</p>
      {isLong && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="mt-1 rounded-sm text-xs text-kumo-link hover:underline"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? words.showLess : words.showAll}
        </button>
      )}
    </div>
  );
}

interface QuestionProps {
  readonly name: string;
  readonly pieces: readonly DiffPiece[];
  readonly fold: string;
}

function Question({ name, pieces, fold }: QuestionProps) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-kumo-subtle">{name}</dt>
      <dd className={`wrap-anywhere whitespace-pre-wrap [unicode-bidi:plaintext] ${fold}`}>
        <DiffText pieces={pieces} />
      </dd>
    </div>
  );
}

/** The marks for those who hear the page. */
function spoken({ one, other }: ReturnType<typeof diffWords>): string {
  const named = (pieces: readonly DiffPiece[]): string =>
    visibleText(ownWords(pieces).slice(0, MOST_NAMED).join(', ').slice(0, LONG));
  const [asked, stored] = [named(one), named(other)];
  if (asked === '' && stored === '') return words.differs.none;
  return [asked !== '' && words.differs.asked(asked), stored !== '' && words.differs.stored(stored)]
    .filter(Boolean)
    .join(' ');
}
