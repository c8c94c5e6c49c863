import {
  type ConstValueNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { notUnderstood, overLimit } from './refusal.ts';

const MOST_NODES = 20_000;
const DEEPEST = 16;

/**
 * The document with one operation, and values in the place of its variables. Clients of the hosted API declare variables
 * with types of many spellings (`String!`, `string`, `Time`, `filter`), which it takes: so what a variable may hold is
 * decided by where it is used, not by how it is declared.
 */
export function inlineVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | null,
): DocumentNode {
  const operation = findOperation(document, operationName);
  const values = readVariables(operation, variables);
  const { variableDefinitions: _declared, ...bare } = operation;
  const others = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const typeInfo = new TypeInfo(schema);
  const writer = new LiteralWriter();
  // A field without a value is not there at all, so that it narrows nothing.
  const dropWhenMissing = (node: { readonly value: { readonly kind: string } }): null | undefined => {
    const value = node.value as { readonly kind: string; readonly name?: { readonly value: string } };
    if (value.kind !== Kind.VARIABLE) return undefined;
    return find(values, value.name!.value) === null ? null : undefined;
  };
  return visit(
    { kind: Kind.DOCUMENT, definitions: [bare, ...others] },
    visitWithTypeInfo(typeInfo, {
      Argument: { enter: dropWhenMissing },
      ObjectField: { enter: dropWhenMissing },
      Variable: (node) => {
        const found = find(values, node.name.value);
        if (found === null) return { kind: Kind.NULL };
        return found.literal ?? writer.write(found.json, typeInfo.getInputType());
      },
    }),
  );
}

/** The operation that is asked for; only queries are served. */
function findOperation(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const found =
    name === null
      ? operations.length === 1
        ? operations[0]
        : undefined
      : operations.find((operation) => operation.name?.value === name);
  if (found === undefined) {
    throw notUnderstood(
      operations.length === 0
        ? 'the document has no operation'
        : name === null
          ? 'the document has several operations: operationName must say which'
          : 'the document has no operation of that operationName',
    );
  }
  if (found.operation !== 'query') throw notUnderstood(`${found.operation} is not served, only query`);
  return found;
}

/** A value as JSON from the request, or as the literal of a default. */
type Value =
  | { readonly literal: ConstValueNode; readonly json?: never }
  | { readonly json: unknown; readonly literal?: never };

/** Declared variables; null for one that has no value. */
type Values = ReadonlyMap<string, Value | null>;

function readVariables(operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>): Values {
  const values = new Map<string, Value | null>();
  for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const json = Object.hasOwn(given, name) ? given[name] : undefined;
    const value =
      json !== undefined ? { json } : defaultValue !== undefined ? { literal: defaultValue } : null;
    if (type.kind === Kind.NON_NULL_TYPE && (value === null || json === null)) {
      throw notUnderstood(`variable "$${name}" is required`);
    }
    values.set(name, value);
  }
  return values;
}

function find(values: Values, name: string): Value | null {
  const value = values.get(name);
  if (value === undefined) throw notUnderstood(`variable "$${name}" is not declared`);
  return value;
}

/** Writes JSON values as literals of a type. A value that is of another type becomes one that validation refuses. */
class LiteralWriter {
  #nodes = 0;

  write(value: unknown, type: GraphQLInputType | null | undefined, depth = 0): ConstValueNode {
    // A variable may stand in many places, each of which gets all of its value.
    if (++this.#nodes > MOST_NODES || depth > DEEPEST) throw overLimit('the variables are too large');
    const bare = isNonNullType(type) ? type.ofType : type;
    if (value === null || value === undefined) return { kind: Kind.NULL };
    if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
    if (typeof value === 'number') {
      return { kind: Number.isInteger(value) ? Kind.INT : Kind.FLOAT, value: String(value) };
    }
    if (typeof value === 'string') {
      const isEnum = isEnumType(isListType(bare) ? unwrapped(bare.ofType) : bare);
      return isEnum && /^[A-Za-z_]\w*$/.test(value)
        ? { kind: Kind.ENUM, value }
        : { kind: Kind.STRING, value };
    }
    if (Array.isArray(value)) {
      const items = isListType(bare) ? bare.ofType : null;
      return { kind: Kind.LIST, values: value.map((item) => this.write(item, items, depth + 1)) };
    }
    const fields = isInputObjectType(bare) ? bare.getFields() : {};
    return {
      kind: Kind.OBJECT,
      fields: Object.entries(value as Record<string, unknown>).map(([name, inner]) => ({
        kind: Kind.OBJECT_FIELD,
        name: { kind: Kind.NAME, value: name },
        value: this.write(inner, Object.hasOwn(fields, name) ? fields[name]?.type : null, depth + 1),
      })),
    };
  }
}

function unwrapped(type: GraphQLInputType): GraphQLInputType {
  return isNonNullType(type) ? type.ofType : type;
}
