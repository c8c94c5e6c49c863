import { Secret } from '../core/secret.ts';
import { invalid } from './envelope.ts';

const PLACE = ['body', 'secret'];
const PREVIEW_LENGTH = 4;
const SHORTEST_WITH_PREVIEW = 12;

/**
 * Reads a provider key from a body. What lists show for a key (`…4f2a`) is refused: it comes from a form that was
 * sent back, and would replace the real key.
 */
export function readSecret(text: string): Secret {
  const value = text.trim();
  if (value === '') throw invalid(PLACE, 'must not be empty');
  if (/…|•|\*{3,}|\[secret\]|^\.{3}/.test(value)) {
    throw invalid(PLACE, 'looks like a masked key and not like the key itself');
  }
  // JSON credentials (AWS, a Google service account) may have line breaks; a key goes into a header as it is.
  if (!isJson(value) && !/^[\x20-\x7e]+$/.test(value)) {
    throw invalid(PLACE, 'must be one line of printable ASCII, or a JSON object');
  }
  return new Secret(value);
}

/** What is shown of a key for people to recognise it; nothing for short ones, of which it would be too much. */
export function previewSecret(secret: Secret): string {
  const value = secret.reveal();
  if (value.length < SHORTEST_WITH_PREVIEW || isJson(value)) return '';
  return `…${value.slice(-PREVIEW_LENGTH)}`;
}

function isJson(value: string): boolean {
  if (!value.startsWith('{')) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
