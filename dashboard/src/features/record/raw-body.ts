import type { LogObject } from '../../../../src/api/contract.ts';
import type { Body, Side } from '../../api/logs.ts';

/** The body as text, byte for byte as far as text can; null for what is none. */
export function bodyText({ bytes, type }: Pick<Body, 'bytes' | 'type'>): string | null {
  if (/^(?:image|audio|video|font)\/(?!svg)|octet-stream|eventstream|protobuf|zip\b/i.test(type ?? '')) {
    if (!looksLikeText(bytes)) return null;
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return looksLikeText(bytes) ? text : null;
}

const SAMPLE_BYTES = 4096;

/** Text has no zero bytes, and hardly any controls. */
function looksLikeText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let controls = 0;
  for (const byte of sample) {
    if (byte === 0) return false;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) controls++;
  }
  return controls <= sample.length / 50;
}

type HeadFields = Pick<
  LogObject,
  | 'method'
  | 'path'
  | 'provider'
  | 'request_content_type'
  | 'response_content_type'
  | 'user_agent'
  | 'status_code'
  | 'id'
  | 'event_id'
  | 'cache_status'
  | 'step'
>;

/** The start line and the headers that a record keeps. Line ends in a value would make headers of their own. */
export function headerLines(log: HeadFields, side: Side): string[] {
  const lines: (readonly [string, string | null])[] =
    side === 'request'
      ? [
          ['content-type', log.request_content_type],
          ['user-agent', log.user_agent],
          ['cf-aig-event-id', log.event_id === log.id ? null : log.event_id],
        ]
      : [
          ['content-type', log.response_content_type],
          ['cf-aig-log-id', log.id],
          ['cf-aig-step', String(log.step)],
          ['cf-aig-cache-status', log.cache_status],
        ];
  const start = side === 'request' ? `${log.method} /${log.provider}/${log.path}` : `HTTP ${log.status_code}`;
  const shown = lines.flatMap(([name, value]) => (value === null || value === '' ? [] : `${name}: ${value}`));
  return [start, ...shown].map((line) => line.replace(/[\r\n]+/g, ' '));
}
