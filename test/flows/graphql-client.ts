import { ADMIN_TOKEN, type TestGateway } from '../support/gateway.ts';

export interface GraphqlError {
  readonly message: string;
  readonly path: string[] | null;
  readonly extensions?: { readonly code: string; readonly timestamp: string };
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: { readonly viewer: { readonly accounts: readonly Record<string, never>[] } } | null;
  readonly errors: readonly GraphqlError[] | null;
}

/** One row of any dataset; a test reads what it asked for. */
export interface GraphqlRow {
  readonly count: number;
  readonly sum: Readonly<Record<string, number>>;
  readonly max: Readonly<Record<string, number>>;
  readonly quantiles: Readonly<Record<string, number | null>>;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** Sends what clients of the hosted API send. */
export async function askGraphql(
  harness: TestGateway,
  query: string,
  variables?: Readonly<Record<string, unknown>>,
  token = ADMIN_TOKEN,
): Promise<GraphqlAnswer> {
  const response = await fetch(`${harness.gateway.baseUrl}/client/v4/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<GraphqlAnswer, 'status'>) };
}

/** The rows of the first account, by the name or alias of the dataset. Throws when there are errors. */
export async function rowsOf(
  harness: TestGateway,
  query: string,
  variables?: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, readonly GraphqlRow[]>>> {
  const { data, errors } = await askGraphql(harness, query, variables);
  if (errors !== null || data === null) throw new Error(JSON.stringify(errors));
  return data.viewer.accounts[0] as unknown as Readonly<Record<string, readonly GraphqlRow[]>>;
}
