import { useState } from 'react';
import { foldText } from '../format/fold-text.ts';
import { formatBytes, formatCount } from '../format/numbers.ts';
import { contentWords as words } from '../words/content.ts';
import { HostileText } from './hostile-text.tsx';

interface FoldedTextProps {
  readonly text: string;
  readonly mark?: string;
  readonly lines?: number;
  readonly isMono?: boolean;
}

/** A line is as long as it is easily read. */
const LINE_CHARACTERS = 100;

/** A text that is folded when it is long, with its size; open when what is searched for stands in its folded part. */
export function FoldedText({ text, mark = '', lines = 16, isMono = false }: FoldedTextProps) {
  const [isOpen, setOpen] = useState(false);
  const folded = foldText(text, lines, lines * LINE_CHARACTERS);
  const isFound = mark !== '' && text.toLowerCase().includes(mark.toLowerCase());
  const isShown = isOpen || isFound || !folded.isFolded;
  return (
    <div className="min-w-0">
      <div
        className={`break-words whitespace-pre-wrap [unicode-bidi:plaintext] ${isMono ? 'font-mono text-[13px]' : ''} ${isShown ? '' : 'mask-b-from-75%'}`}
      >
        <HostileText text={isShown ? text : folded.shown} mark={mark} />
      </div>
      {folded.isFolded && !isFound && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="mt-1 rounded-sm text-xs text-kumo-link hover:underline"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? words.showLess : words.showAll(sizeOf(text, folded.lines))}
        </button>
      )}
    </div>
  );
}

function sizeOf(text: string, lines: number): string {
  const size = formatBytes(new TextEncoder().encode(text).length);
  return lines < 2 ? size : `${words.lines(formatCount(lines))}, ${size}`;
}
