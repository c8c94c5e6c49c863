import type { Answer } from './answer.ts';
import { type Draft, message, sentMessages } from './draft.ts';

/** The conversation with this answer, and room for what comes next: results of the tools it called, or the user. */
export function continueWith(draft: Draft, { parts }: Answer): Draft {
  const calls = parts.flatMap((part, index) =>
    part.type === 'tool-call'
      ? [
          {
            id: part.id || `call_${index + 1}`,
            name: part.name,
            argumentsText: part.argumentsText,
            signature: part.signature,
          },
        ]
      : [],
  );
  const answer = message('assistant', {
    text: parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join(''),
    calls,
    thoughts: parts.flatMap((part) =>
      part.type === 'thinking' && part.signature !== null
        ? [{ text: part.text, signature: part.signature }]
        : [],
    ),
  });
  const next =
    calls.length === 0 ? [message('user')] : calls.map(({ id }) => message('tool', { callId: id }));
  return { ...draft, messages: [...sentMessages(draft), answer, ...next] };
}
