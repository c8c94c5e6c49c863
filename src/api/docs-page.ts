import type { ApiDocument } from './openapi.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
summary { cursor: pointer; padding: .3rem 0; overflow-wrap: anywhere; }
summary b { display: inline-block; width: 4.5rem; text-transform: uppercase; }
pre { overflow-x: auto; padding: .8rem; background: color-mix(in srgb, currentColor 7%, transparent); border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
nav a { display: inline-block; margin-right: .9rem; }
h2 { scroll-margin-top: 1rem; }
.wide { overflow-x: auto; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
`;

/** The OpenAPI document for people: one page, made here, without a script and without anything from elsewhere. */
export function docsResponse(document: ApiDocument): Response {
  return new Response(render(document), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  });
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Record<string, Content>;
}

interface Content {
  readonly description?: string;
  readonly content?: Record<string, { schema?: Schema }>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

function render(document: ApiDocument): string {
  const byTag = new Map<string, string[]>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      const tag = operation.tags?.[0] ?? 'Other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), renderOperation(method, path, operation)]);
    }
  }
  const tags = [...byTag.keys()];
  const contents = tags.map((tag) => `<a href="#${anchor(tag)}">${escapeHtml(tag)}</a>`).join(' ');
  const sections = [...byTag]
    .map(([tag, parts]) => `<h2 id="${anchor(tag)}">${escapeHtml(tag)}</h2>${parts.join('')}`)
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(document.info.title)}</title><style>${STYLE}</style>
<h1>${escapeHtml(document.info.title)}</h1><p>${prose(document.info.description ?? '')}</p>
<p>Send <code>Authorization: Bearer …</code>. Answers stand in <code>{success, errors, messages, result, result_info}</code>.
For programs: <a href="openapi.json">openapi.json</a>.</p><nav aria-label="Contents">${contents}</nav>${sections}</html>`;
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const body = operation.requestBody?.content?.['application/json']?.schema;
  const parameters = (operation.parameters ?? []).map((parameter) => [
    parameter.name,
    `${parameter.in}${parameter.required ? ', required' : ''}`,
    typeOf(parameter.schema),
    parameter.description ?? parameter.schema?.description ?? '',
  ]);
  const fields = Object.entries(body?.properties ?? {}).map(([name, schema]) => [
    name,
    `body${body?.required?.includes(name) ? ', required' : ''}`,
    typeOf(schema),
    schema.description ?? '',
  ]);
  const asked = table(['name', 'in', 'type', 'meaning'], [...parameters, ...fields]);
  return `<details><summary><b>${escapeHtml(method)}</b><code>${escapeHtml(path)}</code><br>${prose(operation.summary ?? '')}</summary>
<p>${prose(operation.description ?? '')}</p>${asked}${renderAnswer(operation.responses?.['200'])}</details>`;
}

/** What stands in `result`; of an answer without envelope only what it is. */
function renderAnswer(answer: Content | undefined): string {
  const result = answer?.content?.['application/json']?.schema?.properties?.result;
  if (result === undefined) return `<p>Answer: ${prose(answer?.description ?? '')}</p>`;
  const item = result.type === 'array' ? result.items : result;
  const rows = Object.entries(item?.properties ?? {}).flatMap(([name, schema]) => [
    [name, typeOf(schema), schema.description ?? ''],
    // One level into what is an object: deeper, the document for programs says more.
    ...Object.entries(schema.properties ?? {}).map(([inner, { description, ...rest }]) => [
      `${name}.${inner}`,
      typeOf(rest),
      description ?? '',
    ]),
  ]);
  const lead = result.type === 'array' ? 'Answer: a list, each with' : 'Answer:';
  if (rows.length === 0) return `<p>${lead} <code>${escapeHtml(typeOf(item))}</code></p>`;
  return `<p>${lead}</p>${table(['field', 'type', 'meaning'], rows)}`;
}

/** Names and types are code, the rest is prose. */
function table(head: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return '';
  const cell = (text: string, column: number): string =>
    head[column] === 'in' || head[column] === 'meaning' ? prose(text) : `<code>${escapeHtml(text)}</code>`;
  const lines = rows.map((row) => `<tr>${row.map((text, column) => `<td>${cell(text, column)}`).join('')}`);
  return `<div class="wide"><table><tr>${head.map((name) => `<th>${name}`).join('')}${lines.join('')}</table></div>`;
}

/** Text of our own, with code between backticks. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

const anchor = (tag: string): string => tag.toLowerCase().replace(/[^a-z0-9]+/g, '-');

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return '';
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1)!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(' | ');
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? '');
  const { minimum, maximum } = schema;
  const range = minimum === undefined && maximum === undefined ? '' : ` ${minimum ?? ''}..${maximum ?? ''}`;
  return type === 'array' ? `${typeOf(schema.items)}[]` : `${String(type)}${range}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
