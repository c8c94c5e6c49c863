import { type Endpoint, endpoint } from '../endpoint.ts';
import { ApiError } from '../envelope.ts';
import { readJson } from '../read-json.ts';
import type { QueryAnswer, QueryInput } from './answer-query.ts';
import { QueryRefusal } from './refusal.ts';

const MOST_BYTES = 256 * 1024;
const MOST_AT_ONCE = 16;

const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

let open = 0;

export const graphqlEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    audit: { none: 'only reads' },
    path: '/graphql',
    permission: 'metadata-read',
    tag: 'Analytics',
    summary: 'GraphQL: `{query, variables, operationName}` over the datasets of the account',
    result: { kind: 'raw', description: '`{data, errors}`, where `errors` is null when there are none.' },
    handle: async ({ request, services, account }) => {
      if (open >= MOST_AT_ONCE)
        return show(refusal(503, 'too many queries in progress, please try again later'));
      open++;
      try {
        const input = readInput(await readJson(request, MOST_BYTES));
        // Loaded with the first query: most gateways see none.
        const { answerQuery } = await import('./answer-query.ts');
        return show(await answerQuery(input, services, account));
      } catch (error) {
        if (error instanceof ApiError) return show(refusal(error.status, error.message), error.headers);
        if (error instanceof QueryRefusal) return show(refusal(error.status, error.message));
        throw error;
      } finally {
        open--;
      }
    },
  }),
];

function readInput(body: unknown): QueryInput {
  const { query, variables, operationName } = isRecord(body) ? body : {};
  if (typeof query !== 'string') throw wrong('body: must be {"query": "…", "variables": {…}}');
  if (variables !== undefined && variables !== null && !isRecord(variables)) {
    throw wrong('variables: must be an object');
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw wrong('operationName: must be text');
  }
  return { query, variables: variables ?? {}, operationName: operationName || null };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (message: string): QueryRefusal => new QueryRefusal(400, 'validation', message);

const refusal = (status: number, message: string): QueryAnswer => ({
  status,
  data: null,
  errors: [{ message, path: null }],
});

function show(
  { status, data, errors }: QueryAnswer,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify({ data, errors }), { status, headers: { ...HEADERS, ...headers } });
}
