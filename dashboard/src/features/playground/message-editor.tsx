import { InputArea } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { CaretDownIcon, CaretUpIcon, ImageIcon, XIcon } from '@phosphor-icons/react';
import { type ClipboardEvent, memo, useRef } from 'react';
import { HostileText } from '../../components/hostile-text.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { notify } from '../../components/toasts.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import type { DraftCall, DraftMessage, DraftRole } from './draft.ts';
import { IMAGE_TYPES, MOST_IMAGES, readImages } from './images.ts';
import { Thumbnail } from './thumbnail.tsx';

interface MessageEditorProps {
  readonly message: DraftMessage;
  /** Counted from one. */
  readonly place: number;
  readonly isLast: boolean;
  /** That a tool's result may answer: those of the messages before. */
  readonly calls: readonly DraftCall[];
  readonly onChange: (key: string, patch: Partial<DraftMessage>) => void;
  readonly onMove: (key: string, by: -1 | 1) => void;
  readonly onRemove: (key: string) => void;
}

const NO_CALL = '';

export const MessageEditor = memo(function MessageEditor(props: MessageEditorProps) {
  const { message, place, isLast, calls, onChange, onMove, onRemove } = props;
  const { key, role, text, images } = message;
  const picker = useRef<HTMLInputElement>(null);
  const roles: DraftRole[] = [
    'user',
    'assistant',
    ...(role === 'tool' || calls.length > 0 ? (['tool'] as const) : []),
  ];

  const addImages = async (files: readonly File[]): Promise<void> => {
    const { images: added, problems } = await readImages(files, MOST_IMAGES - images.length);
    if (added.length > 0) onChange(key, { images: [...images, ...added] });
    for (const title of problems) notify({ title, variant: 'warning' });
  };
  const paste = (event: ClipboardEvent): void => {
    const files = [...event.clipboardData.files];
    if (role !== 'user' || files.length === 0) return;
    event.preventDefault();
    void addImages(files);
  };
  const chooseRole = (next: DraftRole): void =>
    onChange(key, { role: next, callId: next === 'tool' ? (calls.at(-1)?.id ?? null) : null });

  return (
    <li className="flex min-w-0 flex-col gap-1.5">
      <div className="flex min-w-0 items-center gap-1">
        <Select
          size="sm"
          aria-label={words.role(place)}
          value={role}
          onValueChange={(next) => chooseRole(next as DraftRole)}
          items={Object.fromEntries(roles.map((one) => [one, words.roles[one]]))}
        />
        {role === 'tool' && (
          <CallChoice
            calls={calls}
            callId={message.callId}
            onChange={(callId) => onChange(key, { callId })}
          />
        )}
        <span className="flex-1" />
        {role === 'user' && (
          <>
            <input
              ref={picker}
              type="file"
              accept={IMAGE_TYPES}
              multiple
              hidden
              onChange={(event) => {
                void addImages([...(event.target.files ?? [])]);
                event.target.value = '';
              }}
            />
            <IconButton
              label={words.addImage(place)}
              icon={<ImageIcon />}
              onClick={() => picker.current?.click()}
            />
          </>
        )}
        <IconButton
          label={words.moveUp(place)}
          icon={<CaretUpIcon />}
          onClick={place === 1 ? null : () => onMove(key, -1)}
        />
        <IconButton
          label={words.moveDown(place)}
          icon={<CaretDownIcon />}
          onClick={isLast ? null : () => onMove(key, 1)}
        />
        <IconButton label={words.remove(place)} icon={<XIcon />} onClick={() => onRemove(key)} />
      </div>
      <InputArea
        aria-label={words.message(place)}
        data-message={key}
        className="w-full"
        placeholder={words.hints[role]}
        value={text}
        autoResize
        minRows={2}
        maxRows={16}
        dir="auto"
        onPaste={paste}
        onChange={(event) => onChange(key, { text: event.target.value })}
      />
      {images.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {images.map((image, index) => (
            <Thumbnail
              // biome-ignore lint/suspicious/noArrayIndexKey: images have no names, and are only taken away
              key={index}
              image={image}
              onRemove={() => onChange(key, { images: images.filter((one) => one !== image) })}
            />
          ))}
        </ul>
      )}
      {message.calls.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls keep their order, and ids may be empty
        <div key={index} className="flex min-w-0 flex-col gap-1">
          <p className="figures min-w-0 truncate text-kumo-subtle">
            {words.toolCall} <HostileText text={call.name} />
          </p>
          <InputArea
            aria-label={`${words.toolCall} ${call.name}`}
            className="w-full font-mono text-[13px]"
            value={call.argumentsText}
            autoResize
            minRows={1}
            maxRows={10}
            spellCheck={false}
            onChange={(event) =>
              onChange(key, {
                calls: message.calls.map((one) =>
                  one === call ? { ...one, argumentsText: event.target.value } : one,
                ),
              })
            }
          />
        </div>
      ))}
      {message.thoughts.length > 0 && <p className="text-xs text-kumo-subtle">{words.thoughts}</p>}
    </li>
  );
});

interface CallChoiceProps {
  readonly calls: readonly DraftCall[];
  readonly callId: string | null;
  readonly onChange: (callId: string | null) => void;
}

/** Which call a result answers: said when there is one, chosen when there are several. */
function CallChoice({ calls, callId, onChange }: CallChoiceProps) {
  const isKnown = calls.some(({ id }) => id === callId);
  if (isKnown && calls.length === 1)
    return (
      <span className="figures min-w-0 truncate text-kumo-subtle">
        <HostileText text={words.resultOf(calls[0]!.name)} />
      </span>
    );
  if (calls.length === 0)
    return (
      <span className="figures min-w-0 truncate text-kumo-subtle">
        <HostileText text={callId === null ? words.noCall : words.callOf(callId)} />
      </span>
    );
  return (
    <Select
      size="sm"
      className="min-w-0"
      aria-label={words.chooseCall}
      value={callId ?? NO_CALL}
      onValueChange={(id) => onChange(id === NO_CALL ? null : String(id))}
      items={{
        ...(!isKnown && { [callId ?? NO_CALL]: words.noCall }),
        ...Object.fromEntries(calls.map(({ id, name }) => [id, `${name} ${id.slice(-6)}`])),
      }}
    />
  );
}

/** The calls of all messages before each one, in order. */
export function callsBefore(messages: readonly DraftMessage[]): (readonly DraftCall[])[] {
  let before: readonly DraftCall[] = [];
  return messages.map(({ calls }) => {
    const here = before;
    if (calls.length > 0) before = [...before, ...calls];
    return here;
  });
}
