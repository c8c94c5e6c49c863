import { hash } from 'node:crypto';
import type { Message } from '../../core/conversation.ts';

/**
 * Equal for messages that say the same. Cache markers do not count: agents move them along with every request.
 */
export function fingerprint({ role, parts }: Message): string {
  const text = JSON.stringify([role, parts], (key, value: unknown) =>
    key === 'cacheMarker' ? undefined : value,
  );
  return hash('sha1', text, 'base64');
}

/**
 * Index of the first message that no earlier request had. Of several earlier ones the one that shares the longest
 * beginning counts: agents mix the requests of more than one conversation in one session.
 */
export function firstNewMessage(
  messages: readonly Message[],
  earlier: readonly (readonly Message[])[],
): number | null {
  if (earlier.length === 0) return null;
  const prints = messages.map(fingerprint);
  let longest = 0;
  for (const other of earlier) {
    let same = 0;
    while (same < prints.length && same < other.length && fingerprint(other[same]!) === prints[same]) same++;
    longest = Math.max(longest, same);
  }
  return longest;
}
