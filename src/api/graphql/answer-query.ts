import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { newId } from '../../core/ids.ts';
import type { ApiServices } from '../services.ts';
import { checkBounds } from './bounds.ts';
import { inlineVariables } from './inline-variables.ts';
import { DATASETS, QueryRun, tooSlow } from './query-run.ts';
import { QueryRefusal } from './refusal.ts';
import { createSchema } from './schema.ts';

export interface QueryInput {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

export interface QueryAnswer {
  readonly status: number;
  readonly data: unknown;
  /** Null when there are none, as the hosted API has it. */
  readonly errors: readonly object[] | null;
}

const MOST_TOKENS = 10_000;
const TIMEOUT_MS = 30_000;

let schema: GraphQLSchema | null = null;

/** Parses, bounds, checks and runs a query. One error anywhere leaves no data, as with the hosted API. */
export async function answerQuery(
  input: QueryInput,
  services: ApiServices,
  account: string,
): Promise<QueryAnswer> {
  try {
    schema ??= createSchema(DATASETS);
    const document = prepare(schema, input);
    const problems = validate(schema, document, specifiedRules, { maxErrors: 10 });
    if (problems.length > 0) return refuse(problems, services);
    const result = await withinTime(
      execute({ schema, document, contextValue: new QueryRun(services, account, TIMEOUT_MS) }),
    );
    if (result.errors !== undefined && result.errors.length > 0) return refuse(result.errors, services);
    return { status: 200, data: result.data, errors: null };
  } catch (error) {
    return refuse([error], services);
  }
}

function prepare(known: GraphQLSchema, { query, variables, operationName }: QueryInput): DocumentNode {
  const document = parse(query, { maxTokens: MOST_TOKENS });
  checkBounds(document);
  return inlineVariables(known, document, variables, operationName);
}

async function withinTime<T>(work: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function refuse(errors: readonly unknown[], services: ApiServices): QueryAnswer {
  const timestamp = new Date(services.clock.now()).toISOString();
  let status = 400;
  const shown = errors.map((error) => {
    const found = describe(error, services);
    status = Math.max(status, found.status);
    return {
      message: found.message,
      path: found.path,
      ...(found.locations && { locations: found.locations }),
      extensions: { code: found.code, timestamp },
    };
  });
  return { status, data: null, errors: shown };
}

interface Described {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  readonly path: readonly string[] | null;
  readonly locations?: GraphQLError['locations'];
}

/** Only refusals and what is wrong with the query itself are shown; of a fault inside, the log has the rest. */
function describe(error: unknown, services: ApiServices): Described {
  const thrown = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const path = error instanceof GraphQLError ? (error.path?.map(String) ?? null) : null;
  if (thrown instanceof QueryRefusal) {
    return { status: thrown.status, message: thrown.message, code: thrown.code, path };
  }
  if (thrown instanceof GraphQLError) {
    const code = thrown.message.startsWith('Syntax Error') ? 'syntax' : 'validation';
    return { status: 400, message: reword(thrown.message), code, path, locations: thrown.locations };
  }
  const id = newId(services.clock.now());
  const stack = thrown instanceof Error ? thrown.stack : String(thrown);
  services.logger.error({ id, stack }, 'a GraphQL query failed');
  const message = `unable to execute query, please try again later; the gateway's log has it under ${id}`;
  return { status: 503, message, code: 'unavailable', path };
}

/** Clients look for the hosted API's words. */
function reword(message: string): string {
  return message.replace(/^Cannot query field ("[^"]*") on type "[^"]*"\.?/, 'unknown field $1');
}
