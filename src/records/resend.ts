import type { Exchange } from '../core/exchange.ts';
import type { ResendFacts } from '../core/stores/logs.ts';

/** Parameters that choose a version or a form of the answer. Any other could be a secret: queries are not recorded. */
const QUERY = new Set(['alt', 'api-version', 'beta', 'model', 'version']);
const HEADERS = new Set(['anthropic-version', 'anthropic-beta', 'openai-beta']);
const LENGTHS = new Set([...HEADERS].map((name) => name.length));
const LONGEST = 256;

/** What sending the request again needs beside path and body; null when that is nothing. */
export function resendFacts(exchange: Exchange): ResendFacts | null {
  const { step } = exchange;
  if (step === null) return null;
  const headers: string[] = [];
  for (let i = 0; i < step.headers.length; i += 2) {
    const name = step.headers[i]!;
    if (!LENGTHS.has(name.length)) continue;
    const value = step.headers[i + 1]!;
    if (HEADERS.has(name.toLowerCase()) && value.length <= LONGEST) headers.push(name.toLowerCase(), value);
  }
  const query = step.endpoint.includes('?') ? keptQuery(step.endpoint) : '';
  return headers.length === 0 && query === '' ? null : { query, headers };
}

function keptQuery(endpoint: string): string {
  return endpoint
    .slice(endpoint.indexOf('?') + 1)
    .split('&')
    .filter((pair) => pair.length <= LONGEST && QUERY.has(pair.split('=', 1)[0]!))
    .join('&');
}
