import type { ConversationBody } from '../core/conversation.ts';
import type { BodyStore } from '../core/stores/bodies.ts';
import type { BodyPlace } from '../core/stores/log-writer.ts';
import { readBody } from './body-reader.ts';

export interface PlacedBodies {
  readonly place: BodyPlace;
  readonly requestContentType: string | null;
  readonly responseContentType: string | null;
}

/** A stored body with what is needed to understand it; null when it was not kept, or is gone. */
export function loadBody(
  bodies: BodyStore,
  spoolFolder: string,
  found: PlacedBodies,
  side: 'request' | 'response',
): ConversationBody | null {
  const { place } = found;
  const isRequest = side === 'request';
  const length = isRequest ? place.requestLength : place.responseLength;
  if (length === null) return null;
  const at = isRequest ? place.at : place.at + (place.requestLength ?? 0);
  const bytes = readBody(bodies, spoolFolder, place.segment, { at, length });
  if (bytes === null) return null;
  return {
    bytes,
    contentType: isRequest ? found.requestContentType : found.responseContentType,
    encoding: isRequest ? place.requestEncoding : place.responseEncoding,
    truncated: isRequest ? place.requestTruncated : place.responseTruncated,
  };
}
