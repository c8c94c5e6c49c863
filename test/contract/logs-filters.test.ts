import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogFilter } from '../../src/core/stores/logs.ts';
import { EXAMPLES, filter, matching, openExampleLogs, START } from './logs-examples.ts';
import { aQuery, type TestLogs } from './logs-fixtures.ts';

let folder: string;
let logs: TestLogs;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-logs-'));
  logs = openExampleLogs(folder);
});
afterAll(async () => {
  await logs.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each<[string, LogFilter[], number[]]>([
  ['id eq', [filter('id', 'eq', EXAMPLES[1]!.id)], [1]],
  ['provider eq', [filter('provider', 'eq', 'openai')], [0, 2]],
  ['provider eq any', [filter('provider', 'eq', 'groq', 'anthropic')], [1, 3]],
  ['provider neq none of', [filter('provider', 'neq', 'groq', 'anthropic')], [0, 2]],
  ['model neq keeps the unknown', [filter('model', 'neq', 'gpt-4o')], [1, 2, 3]],
  ['model eq null', [filter('model', 'eq', null)], [2]],
  ['model neq null', [filter('model', 'neq', null)], [0, 1, 3]],
  ['model contains, signs of patterns literally', [filter('model', 'contains', '0%_s')], [3]],
  ['model contains, any case', [filter('model', 'contains', 'GPT')], [0]],
  ['created_at gt', [filter('created_at', 'gt', START + 1)], [2, 3]],
  ['created_at as text', [filter('created_at', 'lt', new Date(START + 1).toISOString())], [0]],
  ['created_at as text of a number', [filter('created_at', 'eq', String(START))], [0]],
  ['success', [filter('success', 'eq', true)], [0, 2]],
  ['success as text', [filter('success', 'eq', 'false')], [1, 3]],
  ['cached', [filter('cached', 'neq', true)], [0, 1, 3]],
  ['cost in USD', [filter('cost', 'gt', 0.004)], [0]],
  ['cost eq 0 is not unknown', [filter('cost', 'eq', 0)], [2]],
  ['cost lt leaves the unknown out', [filter('cost', 'lt', '1')], [0, 2, 3]],
  ['tokens', [filter('tokens', 'eq', 238)], [0, 3]],
  ['tokens_in', [filter('tokens_in', 'lt', 6)], [2]],
  ['tokens_out', [filter('tokens_out', 'eq', null)], [1, 2]],
  ['duration', [filter('duration', 'gt', 1000)], [3]],
  ['status_code', [filter('status_code', 'contains', '29')], [1, 3]],
  ['session_id', [filter('session_id', 'eq', 's-1')], [2]],
  ['step', [filter('step', 'eq', 1)], [2]],
  ['rate_limited', [filter('rate_limited', 'eq', 1)], [3]],
  ['error_type', [filter('error_type', 'contains', 'overload')], [1]],
  ['user_agent', [filter('user_agent', 'neq', 'OpenAI/JS 6.49.0')], [1]],
  ['authentication', [filter('authentication', 'eq', false)], [3]],
  ['request_content_type', [filter('request_content_type', 'eq', 'application/json')], [0, 1, 2]],
  ['response_content_type', [filter('response_content_type', 'contains', 'event')], [3]],
  ['request_type', [filter('request_type', 'eq', 'native')], [0, 1, 2, 3]],
  ['model_type', [filter('model_type', 'neq', 'chat')], [3]],
  ['event_id', [filter('event_id', 'eq', 'event-2')], []],
  ['feedback', [filter('feedback', 'eq', null)], [0, 1, 2, 3]],
  ['metadata.key', [filter('metadata.key', 'eq', 'user')], [0, 3]],
  ['metadata.key neq', [filter('metadata.key', 'neq', 'user')], [1, 2]],
  ['metadata.value text', [filter('metadata.value', 'eq', "o'neil")], [2]],
  ['metadata.value boolean', [filter('metadata.value', 'eq', true)], [0, 3]],
  ['metadata.value number', [filter('metadata.value', 'gt', 2)], [0, 3]],
  ['metadata.value and key of one entry', [filter('metadata:team', 'eq', "o'neil")], [2]],
  ['metadata:key is not the value of another key', [filter('metadata:team', 'eq', 'x')], []],
  ['metadata:key boolean', [filter('metadata:paid', 'eq', true)], [0, 3]],
  ['metadata:key number', [filter('metadata:seats', 'gt', '2')], [0, 3]],
  ['metadata:key contains', [filter('metadata:user', 'contains', 'U-1')], [0, 3]],
  ['metadata:key without it', [filter('metadata:team', 'eq', null)], [0, 1, 3]],
  ['metadata:key with it', [filter('metadata:team', 'neq', null)], [2]],
  ['metadata:key neq keeps those without it', [filter('metadata:team', 'neq', 'x')], [0, 1, 2, 3]],
  ['status_class', [filter('status_class', 'eq', 4, 5)], [1, 3]],
  ['token_id', [filter('token_id', 'eq', 'token-1')], [0, 1, 2, 3]],
  ['user_id', [filter('user_id', 'contains', '17')], [0, 1, 2, 3]],
  ['cache_kind', [filter('cache_kind', 'eq', 'exact')], [2]],
  ['model_requested', [filter('model_requested', 'eq', 'gpt-4o-mini')], [0, 1, 2, 3]],
  ['streamed', [filter('streamed', 'eq', true)], []],
  ['outcome', [filter('outcome', 'neq', 'complete')], []],
  ['ttfb', [filter('ttfb', 'eq', null)], [1]],
  ['ttfb lt', [filter('ttfb', 'lt', 411)], [0, 2, 3]],
  ['path', [filter('path', 'contains', 'completions')], [0, 1, 2, 3]],
  ['method', [filter('method', 'eq', 'GET')], []],
  ['wholesale', [filter('wholesale', 'eq', false)], [0, 1, 2, 3]],
  ['compatibilityMode', [filter('compatibilityMode', 'eq', true)], []],
  ['dlp_action', [filter('dlp_action', 'eq', 'BLOCK')], []],
  ['dlp_action neq', [filter('dlp_action', 'neq', 'BLOCK')], [0, 1, 2, 3]],
  ['all of several', [filter('provider', 'eq', 'openai'), filter('cached', 'eq', true)], [2]],
  ['no number where one is due matches nothing', [filter('cost', 'lt', 'cheap')], []],
  ['no value matches nothing', [filter('provider', 'eq')], []],
])('filter: %s', async (_name, filters, expected) => {
  expect(await matching(logs, ...filters)).toEqual(expected);
});

test.each(["id' OR 1=1 --", 'rest', 'seq', '__proto__', 'constructor', 'created_at; DROP TABLE records'])(
  'a key or order that is not on the list is refused: %s',
  async (word) => {
    await expect(logs.store.list(aQuery({ filters: [filter(word, 'eq', 1)] }))).rejects.toThrow(RangeError);
    await expect(logs.store.list(aQuery({ orderBy: word }))).rejects.toThrow(RangeError);
    await expect(logs.store.list(aQuery({ direction: word as unknown as 'asc' }))).rejects.toThrow(
      RangeError,
    );
    await expect(
      logs.store.delete({ ...aQuery({ filters: [filter(word, 'eq', 1)] }), limit: null }),
    ).rejects.toThrow(RangeError);
  },
);

test('values are data and nothing else', async () => {
  const hostile = ["' OR 1=1 --", '"; DROP TABLE records; --', "%' OR '1'='1", '\\', '?1', '\u0000'];
  for (const value of hostile) {
    for (const key of ['id', 'provider', 'cost', 'created_at', 'metadata.key', 'metadata.value']) {
      for (const operator of ['eq', 'contains', 'lt', 'gt'] as const) {
        const rows = await matching(logs, filter(key, operator, value));
        if (operator === 'eq' || operator === 'contains') expect(rows).toEqual([]);
      }
    }
  }
  expect((await logs.store.list(aQuery())).totalCount).toBe(4);
});
