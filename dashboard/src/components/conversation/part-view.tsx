import { BookmarkSimpleIcon, CaretRightIcon } from '@phosphor-icons/react';
import { type ReactNode, useState } from 'react';
import type { ConversationPart } from '../../../../src/api/contract/conversation.ts';
import { formatCount } from '../../format/numbers.ts';
import { contentWords as words } from '../../words/content.ts';
import { FoldedText } from '../folded-text.tsx';
import { JsonTree } from '../json-tree.tsx';
import { Media } from './media.tsx';
import { ToolCard, ToolResult } from './tool-card.tsx';

interface PartViewProps {
  readonly part: ConversationPart;
  /** Of a tool call, where it is known. */
  readonly result?: Extract<ConversationPart, { type: 'tool-result' }> | null;
  /** Of a result that stands alone. */
  readonly toolName?: string | null;
  readonly mark?: string;
  /** Lines of a text before it is folded. */
  readonly lines?: number;
}

/** One piece of a message, whatever it is. */
export function PartView({ part, result = null, toolName = null, mark = '', lines = 16 }: PartViewProps) {
  return (
    <div className="min-w-0">
      <Content part={part} result={result} toolName={toolName} mark={mark} lines={lines} />
      {part.cache_marker && (
        <p title={words.cacheMarkerHint} className="mt-1 flex items-center gap-1 text-xs text-kumo-success">
          <BookmarkSimpleIcon size={12} aria-hidden="true" />
          {words.cacheMarker}
        </p>
      )}
    </div>
  );
}

function Content({ part, result, toolName, mark, lines }: Required<PartViewProps>) {
  switch (part.type) {
    case 'text':
      return <LongText text={part.text} length={part.length} mark={mark} lines={lines} />;
    case 'thinking':
      return (
        <Folded title={words.thinking} isOpenFor={isFound(part.text, mark)}>
          <LongText text={part.text} length={part.length} mark={mark} lines={lines} />
        </Folded>
      );
    case 'refusal':
      return (
        <div className="border-l-2 border-kumo-warning pl-3">
          <p className="text-xs text-kumo-warning">{words.refusal}</p>
          <LongText text={part.text} length={part.length} mark={mark} lines={lines} />
        </div>
      );
    case 'tool-call':
      return <ToolCard part={part} result={result} mark={mark} />;
    case 'tool-result':
      return <ToolResult part={part} toolName={toolName} mark={mark} />;
    case 'other':
      return (
        <Folded title={words.other} isOpenFor={isFound(JSON.stringify(part.json), mark)}>
          <JsonTree value={part.json} mark={mark} />
        </Folded>
      );
    default:
      return <Media part={part} />;
  }
}

const isFound = (text: string, mark: string): boolean =>
  mark !== '' && text.toLowerCase().includes(mark.toLowerCase());

interface LongTextProps {
  readonly text: string;
  readonly length: number | undefined;
  readonly mark: string;
  readonly lines: number;
}

function LongText({ text, length, mark, lines }: LongTextProps) {
  return (
    <>
      <FoldedText text={text} mark={mark} lines={lines} />
      {length !== undefined && (
        <p className="mt-1 text-xs text-kumo-subtle">{words.cut(formatCount(length))}</p>
      )}
    </>
  );
}

interface FoldedProps {
  readonly title: string;
  readonly isOpenFor: boolean;
  readonly children: ReactNode;
}

/** Closed until it is wanted, or until what is searched for stands in it. */
function Folded({ title, isOpenFor, children }: FoldedProps) {
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen || isOpenFor;
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isShown}
        className="flex items-center gap-1 rounded-sm text-sm text-kumo-subtle hover:text-kumo-default"
        onClick={() => setOpen(!isOpen)}
      >
        <CaretRightIcon size={12} aria-hidden="true" className={isShown ? 'rotate-90' : ''} />
        {title}
      </button>
      {isShown && (
        <div className="mt-1 ml-1.5 border-l border-kumo-hairline pl-3 text-kumo-subtle">{children}</div>
      )}
    </div>
  );
}
