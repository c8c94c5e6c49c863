import { invalid } from './envelope.ts';

const PLACE = ['body', 'headers'];
const MOST = 32;

/** Fields that frame the message or that the gateway itself sets: as an extra header they would break or confuse it. */
const REFUSED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The `headers` of a custom provider: a JSON object as text, as the clients send it; null takes them away. */
export function readExtraHeaders(text: string | null): Record<string, string> {
  if (text === null || text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(PLACE, 'must be a JSON object as text, such as {"x-team":"search"}');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(PLACE, 'must be a JSON object as text, such as {"x-team":"search"}');
  }
  const entries = Object.entries(value);
  if (entries.length > MOST) throw invalid(PLACE, `must have at most ${MOST} entries`);
  const headers: Record<string, string> = {};
  for (const [name, content] of entries) {
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name))
      throw invalid(PLACE, 'has a name that is no header name');
    if (lower === '__proto__') throw invalid(PLACE, 'has a name that is refused');
    if (REFUSED.has(lower) || lower.startsWith('cf-aig-')) {
      throw invalid(PLACE, `${lower} cannot be an extra header`);
    }
    if (typeof content !== 'string' || !/^[\x20-\x7e]*$/.test(content)) {
      throw invalid(PLACE, `${lower} must be one line of printable ASCII`);
    }
    headers[lower] = content;
  }
  return headers;
}
