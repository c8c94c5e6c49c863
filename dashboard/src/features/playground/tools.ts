import { fieldsOf, listOf, parsedJson, textOf } from './loose.ts';

/** A function that the model may call, whatever format it was pasted in. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

export type ToolProblem =
  | { readonly kind: 'not-json' }
  | { readonly kind: 'not-a-list' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'name' | 'twice' | 'schema'; readonly tool: string };

export interface ToolsReading {
  readonly tools: readonly Tool[];
  readonly problem: ToolProblem | null;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/;
/** What the providers take at most. */
const MOST_TOOLS = 128;

/** A list of tools as OpenAI, Anthropic, Google, Cohere or Bedrock take it, or one tool alone. '' is none. */
export function readTools(text: string): ToolsReading {
  if (text.trim() === '') return { tools: [], problem: null };
  const value = parsedJson(text);
  if (value === undefined) return { tools: [], problem: { kind: 'not-json' } };
  if (typeof value !== 'object' || value === null) return { tools: [], problem: { kind: 'not-a-list' } };
  const list = (Array.isArray(value) ? value : [value]).flatMap(spread);
  if (list.length > MOST_TOOLS) return { tools: [], problem: { kind: 'too-many' } };
  const tools: Tool[] = [];
  for (const [index, item] of list.entries()) {
    const tool = toolOf(item);
    const label = tool.name === '' ? String(index + 1) : tool.name;
    if (!NAME.test(tool.name)) return { tools, problem: { kind: 'name', tool: label } };
    if (tools.some(({ name }) => name === tool.name))
      return { tools, problem: { kind: 'twice', tool: label } };
    if (tool.schema === null) return { tools, problem: { kind: 'schema', tool: label } };
    tools.push({ name: tool.name, description: tool.description, schema: tool.schema });
  }
  return { tools, problem: null };
}

/** Google and Bedrock put several into one. */
function spread(item: unknown): readonly unknown[] {
  const fields = fieldsOf(item);
  const declared = fields.functionDeclarations ?? fields.function_declarations ?? fields.tools;
  return Array.isArray(declared) ? declared : [item];
}

function toolOf(item: unknown): { name: string; description: string; schema: Tool['schema'] | null } {
  const outer = fieldsOf(item);
  const inner = fieldsOf(outer.function ?? outer.toolSpec ?? outer);
  const given =
    inner.parameters ?? inner.input_schema ?? inner.parametersJsonSchema ?? inner.schema ?? inner.inputSchema;
  const schema = fieldsOf(given).json ?? given;
  return {
    name: textOf(inner.name),
    description: textOf(inner.description),
    schema: schema === undefined ? { type: 'object', properties: {} } : objectSchema(schema),
  };
}

/** Arguments are an object; what an object schema says is checked as far as a typing error would show. */
function objectSchema(schema: unknown): Tool['schema'] | null {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return null;
  const { type, properties, required } = schema as Tool['schema'];
  if (type !== undefined && !/^object$/i.test(textOf(type))) return null;
  if (properties !== undefined) {
    if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return null;
    if (Object.values(properties).some((one) => typeof one !== 'object' && typeof one !== 'boolean'))
      return null;
  }
  if (required !== undefined && !listOf(required).every((one) => typeof one === 'string')) return null;
  if (required !== undefined && !Array.isArray(required)) return null;
  return schema as Tool['schema'];
}

/** In the form that is typed here. */
export const toolsText = (tools: readonly Tool[]): string =>
  tools.length === 0
    ? ''
    : JSON.stringify(
        tools.map(({ name, description, schema }) => ({ name, description, parameters: schema })),
        null,
        2,
      );
