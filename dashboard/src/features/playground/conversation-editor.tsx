import { Button } from '@cloudflare/kumo/components/button';
import { InputArea } from '@cloudflare/kumo/components/input';
import { PlusIcon } from '@phosphor-icons/react';
import { useCallback, useMemo, useRef } from 'react';
import { playgroundWords as words } from '../../words/playground.ts';
import {
  changeMessage,
  type Draft,
  type DraftMessage,
  message,
  moveMessage,
  removeMessage,
} from './draft.ts';
import { callsBefore, MessageEditor } from './message-editor.tsx';
import { ToolsEditor } from './tools-editor.tsx';

interface ConversationEditorProps {
  readonly draft: Draft;
  /** There is room for what holds for all messages beside them. */
  readonly isWide: boolean;
  readonly onChange: (next: (before: Draft) => Draft) => void;
}

/** System text, messages and tools: what all models are asked. */
export function ConversationEditor({ draft, isWide, onChange }: ConversationEditorProps) {
  const list = useRef<HTMLOListElement>(null);
  const change = useCallback(
    (key: string, patch: Partial<DraftMessage>) => onChange((before) => changeMessage(before, key, patch)),
    [onChange],
  );
  const move = useCallback(
    (key: string, by: -1 | 1) => onChange((before) => moveMessage(before, key, by)),
    [onChange],
  );
  const remove = useCallback((key: string) => onChange((before) => removeMessage(before, key)), [onChange]);
  const calls = useMemo(() => callsBefore(draft.messages), [draft.messages]);
  const add = (): void => {
    const next = message(draft.messages.at(-1)?.role === 'user' ? 'assistant' : 'user');
    onChange((before) => ({ ...before, messages: [...before.messages, next] }));
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLTextAreaElement>(`[data-message="${next.key}"]`)?.focus(),
    );
  };
  return (
    <div
      className={`grid grid-cols-1 gap-4 p-4 pt-2 ${isWide ? 'lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] lg:gap-6' : ''}`}
    >
      <div className="flex min-w-0 flex-col gap-3">
        <InputArea
          label={words.system}
          placeholder={words.systemHint}
          className="w-full"
          value={draft.system}
          autoResize
          minRows={2}
          maxRows={12}
          dir="auto"
          onChange={(event) => {
            const system = event.target.value;
            onChange((before) => ({ ...before, system }));
          }}
        />
        <ToolsEditor
          text={draft.toolsText}
          onChange={(toolsText) => onChange((before) => ({ ...before, toolsText }))}
        />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <ol ref={list} className="flex flex-col gap-4">
          {draft.messages.map((one, index) => (
            <MessageEditor
              key={one.key}
              message={one}
              place={index + 1}
              isLast={index === draft.messages.length - 1}
              calls={calls[index] ?? []}
              onChange={change}
              onMove={move}
              onRemove={remove}
            />
          ))}
        </ol>
        <div>
          <Button size="sm" icon={<PlusIcon />} onClick={add}>
            {words.addMessage}
          </Button>
        </div>
      </div>
    </div>
  );
}
