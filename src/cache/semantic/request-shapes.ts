import type { DialectId } from '../../core/dialect.ts';
import type { SemanticReason } from '../../core/semantic.ts';
import type { ExactJson } from './exact-json.ts';

/** Where the question stands in a request: `holder[key]` is what the user said last. */
export interface QuestionPlace {
  readonly shape: string;
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly text: string;
}

export type Reading = QuestionPlace | SemanticReason;

type Fields = Record<string, unknown>;

/** One way in which requests are written. The first that fits reads. */
interface Shape {
  readonly name: string;
  fits(body: Fields, asked: AskedFor): boolean;
  read(body: Fields): Reading;
}

export interface AskedFor {
  readonly dialect: DialectId;
  /** What the endpoint does, as records state it; null when its path does not say. */
  readonly kind: string | null;
}

const DIALECTS: ReadonlySet<DialectId> = new Set(['openai', 'anthropic', 'google', 'cohere', 'workers-ai']);
/** Endpoints that write text. Those whose path does not say are known by their bodies. */
const KINDS: ReadonlySet<string | null> = new Set([
  'chat',
  'messages',
  'responses',
  'completion',
  'generate',
  null,
]);

const SHAPES: readonly Shape[] = [
  {
    name: 'responses',
    fits: (body, { kind }) => kind === 'responses' && body.input !== undefined,
    read: readResponses,
  },
  { name: 'google', fits: (body) => Array.isArray(body.contents), read: readGoogle },
  // OpenAI, Mistral, Cohere's second version, Anthropic, Workers AI, Ollama: a list of messages with a role.
  { name: 'messages', fits: (body) => Array.isArray(body.messages), read: readMessages },
  {
    name: 'prompt',
    fits: (body, { kind, dialect }) =>
      typeof body.prompt === 'string' && (kind === 'completion' || (kind === null && dialect !== 'google')),
    read: readPrompt,
  },
];

/** Finds the question of a request; or says why it is none for the semantic cache. */
export function findQuestion(body: ExactJson, asked: AskedFor): Reading {
  if (!DIALECTS.has(asked.dialect) || !KINDS.has(asked.kind)) return 'format';
  const shape = SHAPES.find((each) => each.fits(body, asked));
  if (shape === undefined) return 'format';
  const reading = shape.read(body);
  return typeof reading === 'string' ? reading : { ...reading, shape: shape.name };
}

function readMessages(body: Fields): Reading {
  const messages = body.messages as unknown[];
  for (const message of messages) {
    const fields = objectOf(message);
    if (fields === null) return 'format';
    if (fields.role === 'tool' || fields.role === 'function') return 'tools';
    if (isGiven(fields.tool_calls) || isGiven(fields.function_call) || hasToolPart(fields.content))
      return 'tools';
  }
  return readMessage(messages.at(-1), 'content', 'text');
}

function readResponses(body: Fields): Reading {
  // What is kept at the provider is not in the request: two that look alike need not be.
  for (const name of ['previous_response_id', 'conversation', 'prompt'])
    if (isGiven(body[name])) return 'format';
  if (body.background === true) return 'format';
  if (typeof body.input === 'string') return place(body, 'input');
  if (!Array.isArray(body.input)) return 'format';
  for (const item of body.input) {
    const type = objectOf(item)?.type;
    if (type === 'item_reference') return 'format';
    if (type !== undefined && type !== 'message' && type !== 'reasoning') return 'tools';
  }
  return readMessage(body.input.at(-1), 'content', 'input_text');
}

function readGoogle(body: Fields): Reading {
  if (isGiven(body.cachedContent) || isGiven(body.cached_content)) return 'format';
  const contents = body.contents as unknown[];
  for (const content of contents) if (hasToolPart(objectOf(content)?.parts)) return 'tools';
  const last = objectOf(contents.at(-1));
  if (last === null) return 'no-text';
  if (last.role !== undefined && last.role !== 'user') return 'no-text';
  const parts = Array.isArray(last.parts) ? last.parts.map(objectOf) : [objectOf(last.parts)];
  if (parts.some((part) => part === null || typeof part.text !== 'string')) return 'attachments';
  return parts.length === 1 && Object.keys(parts[0]!).length === 1 ? place(parts[0]!, 'text') : 'no-text';
}

function readPrompt(body: Fields): Reading {
  if (isGiven(body.suffix) || isGiven(body.context)) return 'format';
  if (isGiven(body.images) || isGiven(body.image)) return 'attachments';
  return place(body, 'prompt');
}

/** A message of the user that is one text: a string, or a list of exactly one part. */
function readMessage(message: unknown, name: string, type: string): Reading {
  const fields = objectOf(message);
  if (fields?.role !== 'user') return 'no-text';
  if (isGiven(fields.images) || isGiven(fields.audio)) return 'attachments';
  const content = fields[name];
  if (typeof content === 'string') return place(fields, name);
  if (!Array.isArray(content)) return 'no-text';
  const parts = content.map(objectOf);
  if (parts.some((part) => part === null || part.type !== type)) return 'attachments';
  const [part] = parts;
  return parts.length === 1 && typeof part!.text === 'string' ? place(part!, 'text') : 'no-text';
}

function place(holder: Fields, key: string): QuestionPlace {
  return { shape: '', holder, key, text: holder[key] as string };
}

function hasToolPart(parts: unknown): boolean {
  return (
    Array.isArray(parts) &&
    parts.some((part) => {
      const fields = objectOf(part);
      return (
        fields !== null &&
        (/tool|function|_call|mcp/.test(String(fields.type ?? '')) ||
          Object.keys(fields).some((key) =>
            /function_?(?:call|response)|executable_?code|code_?exec/i.test(key),
          ))
      );
    })
  );
}

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** Something other than nothing in any of its spellings. */
export function isGiven(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  return !Array.isArray(value) || value.length > 0;
}
