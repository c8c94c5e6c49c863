import { Input } from '@cloudflare/kumo/components/input';
import { CaretRightIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { ConversationObject } from '../../../../src/api/contract/conversation.ts';
import { conversationQuery, type LogRow } from '../../api/logs.ts';
import { PartView } from '../../components/conversation/part-view.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { JsonTree } from '../../components/json-tree.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { formatCount } from '../../format/numbers.ts';
import { conversationWords as words } from '../../words/record.ts';
import {
  type ConversationView,
  countInTurns,
  matchingTurns,
  type ShownPart,
  type Turn,
  viewConversation,
} from './conversation-view.ts';
import { RoleBlock } from './role-block.tsx';
import { TurnList } from './turn-list.tsx';

interface ConversationTabProps {
  readonly gateway: string;
  readonly log: LogRow;
}

export function ConversationTab({ gateway, log }: ConversationTabProps) {
  const conversation = useQuery(conversationQuery(gateway, log.id));
  return (
    <Loaded query={conversation} failed={words.loadFailed} height="h-20" count={4}>
      {(data) => <Conversation conversation={data} log={log} />}
    </Loaded>
  );
}

function Conversation({
  conversation,
  log,
}: {
  readonly conversation: ConversationObject;
  readonly log: LogRow;
}) {
  const [wanted, setWanted] = useState('');
  const mark = useDeferredValue(wanted.trim());
  const view = useMemo(() => viewConversation(conversation), [conversation]);
  const isEmpty =
    conversation.system.length + conversation.messages.length === 0 && conversation.answer === null;
  const found = useMemo(
    () => (mark === '' ? 0 : countInTurns([...systemTurn(view.system), ...view.before, ...view.now], mark)),
    [view, mark],
  );
  if (isEmpty) {
    return (
      <div className="p-4 text-sm text-kumo-subtle">
        <p>{words.empty}</p>
        {conversation.problem !== null && (
          <p className="mt-2">
            <HostileText text={words.problem(conversation.problem)} />
          </p>
        )}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="flex flex-wrap items-center gap-3">
        <Input
          size="sm"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={wanted}
          className="w-64 max-w-full"
          onChange={(event) => setWanted(event.target.value)}
        />
        <span role="status" className="text-xs text-kumo-subtle">
          {mark !== '' && `${words.found(formatCount(found))}. ${words.onlyMatching}`}
        </span>
      </div>
      <Notes conversation={conversation} />
      {conversation.tools.length > 0 && <Tools tools={conversation.tools} mark={mark} />}
      {Object.keys(conversation.parameters).length > 0 && (
        <Fold title={words.parameters}>
          <JsonTree value={conversation.parameters} mark={mark} />
        </Fold>
      )}
      {view.system.length > 0 && (
        <RoleBlock speaker="system">
          {view.system.map((shown, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
            <PartView key={index} part={shown.part} mark={mark} lines={3} />
          ))}
        </RoleBlock>
      )}
      <Before view={view} mark={mark} />
      <TurnList
        turns={matchingTurns(view.now, mark)}
        mark={mark}
        finishReason={conversation.answer?.finish_reason ?? null}
      />
      {conversation.answer === null && (
        <p className="text-sm text-kumo-subtle">
          {log.error_message === null ? (
            words.noAnswer
          ) : (
            <HostileText text={words.noAnswerError(log.error_message)} />
          )}
        </p>
      )}
    </div>
  );
}

const systemTurn = (parts: readonly ShownPart[]): Turn[] => [
  { key: 'system', role: 'system', parts, isAnswer: false },
];

function Notes({ conversation }: { readonly conversation: ConversationObject }) {
  const {
    request_truncated: requestCut,
    response_truncated: responseCut,
    problem,
    omitted_messages: omitted,
  } = conversation;
  const notes = [
    requestCut && words.requestCut,
    responseCut && words.responseCut,
    omitted > 0 && words.omitted(formatCount(omitted)),
    problem !== null && words.problem(problem),
  ].filter((note) => note !== false);
  if (notes.length === 0) return null;
  return (
    <ul className="rounded-md bg-kumo-warning-tint px-3 py-2 text-sm">
      {notes.map((note) => (
        <li key={note}>
          <HostileText text={note} />
        </li>
      ))}
    </ul>
  );
}

function Before({ view, mark }: { readonly view: ConversationView; readonly mark: string }) {
  const hasMatch = mark !== '' && countInTurns(view.before, mark) > 0;
  if (view.sameMessages === 0) return null;
  return (
    <Fold
      title={words.same(formatCount(view.sameMessages))}
      hint={words.sameHint}
      isOpenFor={hasMatch}
      isWide
    >
      <TurnList turns={matchingTurns(view.before, mark)} mark={mark} finishReason={null} />
    </Fold>
  );
}

function Tools({ tools, mark }: { readonly tools: ConversationObject['tools']; readonly mark: string }) {
  return (
    <Fold title={words.tools(formatCount(tools.length))}>
      <ul className="flex flex-col gap-3">
        {tools.map((tool, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two tools may have the same name
          <li key={index} className="min-w-0">
            <p className="figures font-medium">
              <HostileText text={tool.name} mark={mark} />
            </p>
            <p className="text-sm break-words text-kumo-subtle">
              <HostileText text={tool.description ?? words.toolNoDescription} mark={mark} />
            </p>
            {typeof tool.schema === 'object' && tool.schema !== null && (
              <JsonTree value={tool.schema} mark={mark} open={0} />
            )}
          </li>
        ))}
      </ul>
    </Fold>
  );
}

interface FoldProps {
  readonly title: string;
  readonly hint?: string;
  readonly isOpenFor?: boolean;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

function Fold({ title, hint, isOpenFor = false, isWide = false, children }: FoldProps) {
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen || isOpenFor;
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isShown}
        {...(hint !== undefined && { title: hint })}
        className={`flex items-center gap-2 rounded-md text-sm text-kumo-subtle hover:text-kumo-default ${isWide ? 'w-full border border-dashed border-kumo-line px-3 py-1.5 hover:bg-kumo-tint' : ''}`}
        onClick={() => setOpen(!isOpen)}
      >
        <CaretRightIcon size={12} aria-hidden="true" className={isShown ? 'rotate-90' : ''} />
        {title}
      </button>
      {isShown && <div className="mt-3 min-w-0">{children}</div>}
    </div>
  );
}
