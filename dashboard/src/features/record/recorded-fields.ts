import type { LogObject } from '../../../../src/api/contract.ts';
import { metadataWords as words } from '../../words/record.ts';

/** Shown elsewhere in the record, or too long to be one line. */
const ELSEWHERE = new Set([
  'metadata',
  'usage_metadata',
  'attempts',
  'decisions',
  'timings',
  'request_head',
  'response_head',
  'request_head_complete',
  'response_head_complete',
  'prompt_preview',
  'wholesale',
]);

/** What else a record keeps, under the names of the API: these are what filters and scripts use. */
export function recordedFields(log: LogObject): (readonly [string, string])[] {
  return Object.entries(log).flatMap(([name, value]) => {
    if (ELSEWHERE.has(name) || value === null || value === '' || typeof value === 'object') return [];
    return [[name, typeof value === 'boolean' ? (value ? words.yes : words.no) : String(value)] as const];
  });
}
