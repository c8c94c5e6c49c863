import { type Draft, type DraftMessage, emptyDraft, message } from './draft.ts';
import { imageFrom } from './from-record.ts';
import { fieldsOf, listOf, parsedJson, textOf, textOrNull } from './loose.ts';

/** As long as the tab: what is tried out is often not for others' eyes, and not for the next day. */
const keyOf = (gateway: string): string => `tidegate.playground.${gateway}`;

export function storeDraft(gateway: string, draft: Draft): void {
  try {
    sessionStorage.setItem(keyOf(gateway), JSON.stringify(draft));
  } catch {
    // Too large with its pictures, or no storage at all: the words are worth more.
    try {
      const messages = draft.messages.map((one) => ({ ...one, images: [] }));
      sessionStorage.setItem(keyOf(gateway), JSON.stringify({ ...draft, messages }));
    } catch {
      // It lives as long as the page.
    }
  }
}

export function storedDraft(gateway: string): Draft {
  try {
    return readDraft(sessionStorage.getItem(keyOf(gateway)) ?? '');
  } catch {
    return emptyDraft();
  }
}

/** What is not a draft is an empty one. */
export function readDraft(text: string): Draft {
  const fields = fieldsOf(parsedJson(text));
  const messages = listOf(fields.messages).flatMap(readMessage);
  return {
    system: textOf(fields.system),
    messages: messages.length === 0 ? [message('user')] : messages,
    toolsText: textOf(fields.toolsText),
    from: textOrNull(fields.from),
  };
}

function readMessage(value: unknown): DraftMessage[] {
  const fields = fieldsOf(value);
  const { role } = fields;
  if (role !== 'user' && role !== 'assistant' && role !== 'tool') return [];
  return [
    message(role, {
      text: textOf(fields.text),
      callId: textOrNull(fields.callId),
      images: listOf(fields.images).flatMap((one) => {
        const { mediaType, data, name } = fieldsOf(one);
        const image = imageFrom(`data:${textOf(mediaType)};base64,${textOf(data)}`, textOrNull(name));
        return image === null ? [] : [image];
      }),
      calls: listOf(fields.calls).map((one) => {
        const call = fieldsOf(one);
        return {
          id: textOf(call.id),
          name: textOf(call.name),
          argumentsText: textOf(call.argumentsText),
          signature: textOrNull(call.signature),
        };
      }),
      thoughts: listOf(fields.thoughts).flatMap((one) => {
        const { text, signature } = fieldsOf(one);
        return typeof signature === 'string' ? [{ text: textOf(text), signature }] : [];
      }),
    }),
  ];
}
