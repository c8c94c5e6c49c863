/** A conversation as it is being written, before any provider's format. */
export interface Draft {
  readonly system: string;
  readonly messages: readonly DraftMessage[];
  /** JSON, as it was typed. */
  readonly toolsText: string;
  /** The record that it was loaded from. */
  readonly from: string | null;
}

export type DraftRole = 'user' | 'assistant' | 'tool';

export interface DraftMessage {
  readonly key: string;
  readonly role: DraftRole;
  readonly text: string;
  readonly images: readonly DraftImage[];
  readonly calls: readonly DraftCall[];
  /** Of a tool's answer: the call that it belongs to. */
  readonly callId: string | null;
  /** What the assistant thought, where the provider wants it back: signed, or it is of no use. */
  readonly thoughts: readonly DraftThought[];
}

export interface DraftImage {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
  readonly name: string | null;
}

export interface DraftCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly argumentsText: string;
  /** Google wants it back with the call. */
  readonly signature: string | null;
}

export interface DraftThought {
  readonly text: string;
  readonly signature: string;
}

let count = 0;

export function message(
  role: DraftRole,
  more: Partial<Omit<DraftMessage, 'key' | 'role'>> = {},
): DraftMessage {
  count += 1;
  return { key: `m${count}`, role, text: '', images: [], calls: [], callId: null, thoughts: [], ...more };
}

export const emptyDraft = (): Draft => ({
  system: '',
  messages: [message('user')],
  toolsText: '',
  from: null,
});

/** Empty ones are there to be written in; they are not sent. A tool may answer with nothing. */
export const isEmpty = ({ role, text, images, calls }: DraftMessage): boolean =>
  role !== 'tool' && text.trim() === '' && images.length === 0 && calls.length === 0;

export const sentMessages = ({ messages }: Draft): DraftMessage[] => messages.filter((one) => !isEmpty(one));

export function changeMessage(draft: Draft, key: string, patch: Partial<DraftMessage>): Draft {
  return {
    ...draft,
    messages: draft.messages.map((one) => (one.key === key ? { ...one, ...patch } : one)),
  };
}

export function removeMessage(draft: Draft, key: string): Draft {
  const messages = draft.messages.filter((one) => one.key !== key);
  return { ...draft, messages: messages.length === 0 ? [message('user')] : messages };
}

/** One place up (-1) or down (1); at the end it stays where it is. */
export function moveMessage(draft: Draft, key: string, by: -1 | 1): Draft {
  const from = draft.messages.findIndex((one) => one.key === key);
  const to = from + by;
  if (from === -1 || to < 0 || to >= draft.messages.length) return draft;
  const messages = [...draft.messages];
  const [moved] = messages.splice(from, 1);
  messages.splice(to, 0, moved!);
  return { ...draft, messages };
}

/** The name of the tool that a call's id stands for; '' when no message before has it. */
export function toolNameOf(messages: readonly DraftMessage[], callId: string | null): string {
  for (const { calls } of messages) {
    const call = calls.find(({ id }) => id === callId);
    if (call) return call.name;
  }
  return '';
}

/** The calls' arguments as JSON, or as the text they are when the model did not write JSON. */
export function parsedArguments({ argumentsText }: Pick<DraftCall, 'argumentsText'>): unknown {
  if (argumentsText.trim() === '') return {};
  try {
    return JSON.parse(argumentsText);
  } catch {
    return argumentsText;
  }
}
