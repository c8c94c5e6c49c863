import { WarningCircleIcon, WrenchIcon } from '@phosphor-icons/react';
import type { ConversationPart } from '../../../../src/api/contract/conversation.ts';
import { contentWords as words } from '../../words/content.ts';
import { FoldedText } from '../folded-text.tsx';
import { HostileText } from '../hostile-text.tsx';
import { JsonTree } from '../json-tree.tsx';
import { Media } from './media.tsx';

type CallPart = Extract<ConversationPart, { type: 'tool-call' }>;
type ResultPart = Extract<ConversationPart, { type: 'tool-result' }>;

interface ToolCardProps {
  readonly part: CallPart;
  readonly result: ResultPart | null;
  readonly mark?: string;
}

/** A call of a tool: its name, its arguments as a tree, and what came back. */
export function ToolCard({ part, result, mark = '' }: ToolCardProps) {
  const given = part.arguments;
  const isNothing = typeof given === 'object' && given !== null && Object.keys(given).length === 0;
  return (
    <div className="min-w-0 rounded-md border border-kumo-hairline">
      <p className="flex min-w-0 items-center gap-2 border-b border-kumo-hairline px-3 py-1.5 text-sm">
        <WrenchIcon size={14} aria-hidden="true" className="shrink-0 text-kumo-subtle" />
        <span className="figures min-w-0 truncate font-medium">
          {part.name === '' ? words.unnamedTool : <HostileText text={part.name} mark={mark} />}
        </span>
        <span className="sr-only">{words.toolCall}</span>
      </p>
      <div className="px-3 py-2">
        {isNothing ? (
          <p className="text-xs text-kumo-subtle">{words.noArguments}</p>
        ) : (
          <JsonTree value={given} mark={mark} />
        )}
      </div>
      {result !== null && (
        <div className="rounded-b-md border-t border-kumo-hairline bg-kumo-tint/40 px-3 py-2">
          <ResultContent part={result} title={words.toolResult} mark={mark} />
        </div>
      )}
    </div>
  );
}

interface ToolResultProps {
  readonly part: ResultPart;
  readonly toolName: string | null;
  readonly mark?: string;
}

/** A result whose call is not in sight. */
export function ToolResult({ part, toolName, mark = '' }: ToolResultProps) {
  return (
    <div className="min-w-0 rounded-md border border-kumo-hairline bg-kumo-tint/40 px-3 py-2">
      <ResultContent
        part={part}
        title={toolName === null || toolName === '' ? words.toolResult : words.resultOf(toolName)}
        mark={mark}
      />
    </div>
  );
}

interface ResultContentProps {
  readonly part: ResultPart;
  readonly title: string;
  readonly mark: string;
}

function ResultContent({ part, title, mark }: ResultContentProps) {
  return (
    <>
      <p className="mb-1 flex items-center gap-2 text-xs text-kumo-subtle">
        <HostileText text={title} />
        {part.is_error && (
          <span className="flex items-center gap-1 text-kumo-danger">
            <WarningCircleIcon size={12} aria-hidden="true" />
            {words.toolError}
          </span>
        )}
      </p>
      {part.parts.length === 0 && <p className="text-xs text-kumo-subtle">{words.emptyResult}</p>}
      <div className="flex flex-col gap-2">
        {part.parts.map((inner, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
          <InnerPart key={index} part={inner} mark={mark} />
        ))}
      </div>
    </>
  );
}

/** Results hold texts and pictures; a call within a result is shown as the JSON that it is. */
function InnerPart({ part, mark }: { readonly part: ConversationPart; readonly mark: string }) {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'refusal':
      return <FoldedText text={part.text} mark={mark} lines={8} isMono />;
    case 'image':
    case 'audio':
    case 'file':
      return <Media part={part} />;
    case 'other':
      return <JsonTree value={part.json} mark={mark} open={1} />;
    default:
      return <JsonTree value={part} mark={mark} open={1} />;
  }
}
