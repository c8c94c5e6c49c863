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
  readonly requestBody?: { readonly content?: Record<string, { schema?: Schema }> };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Schema {
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
  const sections = [...byTag].map(([tag, parts]) => `<h2>${escapeHtml(tag)}</h2>${parts.join('')}`).join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(document.info.title)}</title><style>${STYLE}</style>
<h1>${escapeHtml(document.info.title)}</h1><p>${escapeHtml(document.info.description ?? '')}</p>
<p>Send <code>Authorization: Bearer …</code>. Answers stand in <code>{success, errors, messages, result, result_info}</code>.
For programs: <a href="openapi.json">openapi.json</a>.</p>${sections}</html>`;
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
  const rows = [...parameters, ...fields]
    .map(
      ([name, place, type, text]) =>
        `<tr><td><code>${escapeHtml(name!)}</code><td>${escapeHtml(place!)}<td><code>${escapeHtml(type!)}</code><td>${escapeHtml(text!)}`,
    )
    .join('');
  return `<details><summary><b>${escapeHtml(method)}</b><code>${escapeHtml(path)}</code><br>${escapeHtml(operation.summary ?? '')}</summary>
<p>${escapeHtml(operation.description ?? '')}</p>${rows === '' ? '' : `<table><tr><th>name<th>in<th>type<th>${rows}</table>`}</details>`;
}

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return '';
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
