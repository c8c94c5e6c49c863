import type { LogReader } from '../../core/stores/log-writer.ts';
import type { Row } from './database.ts';
import { REQUEST_TRUNCATED, RESPONSE_TRUNCATED } from './logs-schema.ts';

export const BODY_COLUMNS =
  'segment, body_at, request_length, response_length, body_flags, request_encoding, response_encoding, request_content_type, response_content_type';

/** Where the bodies of a row lie; null when it has none. */
export function restorePlace(row: Row): ReturnType<LogReader['findBodies']> {
  if (row.segment === null) return null;
  const flags = Number(row.body_flags);
  return {
    place: {
      segment: Number(row.segment),
      at: Number(row.body_at),
      requestLength: row.request_length as number | null,
      responseLength: row.response_length as number | null,
      requestTruncated: (flags & REQUEST_TRUNCATED) !== 0,
      responseTruncated: (flags & RESPONSE_TRUNCATED) !== 0,
      requestEncoding: String(row.request_encoding),
      responseEncoding: String(row.response_encoding),
    },
    requestContentType: row.request_content_type as string | null,
    responseContentType: row.response_content_type as string | null,
  };
}
