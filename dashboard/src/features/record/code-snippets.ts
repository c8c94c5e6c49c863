import type { LogObject } from '../../../../src/api/contract.ts';

export const LANGUAGES = ['curl', 'python', 'typescript'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface SnippetInput {
  /** Scheme and host of this gateway as the reader reaches it: `https://gateway.example`. */
  readonly origin: string;
  readonly account: string;
  readonly gateway: string;
  readonly log: Pick<LogObject, 'method' | 'provider' | 'path' | 'request_type' | 'request_content_type'>;
  /** The whole body as text; null when there is none, or none that is text. */
  readonly body: string | null;
}

/** Where the secret goes. It is a name, never a value: records hold none. */
const TOKEN = 'TIDEGATE_TOKEN';
/** A body that is longer is read from a file: a command line and a reader have their limits. */
const LONGEST_BODY = 64 * 1024;
const FILE = 'request.json';

interface Call {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly fromFile: boolean;
}

/** Code that sends the request again through this gateway, with the reader's own token. */
export function snippet(language: Language, input: SnippetInput): string {
  const call = callOf(input);
  if (language === 'curl') return curl(call);
  return language === 'python' ? python(call) : typescript(call);
}

function callOf({ origin, account, gateway, log, body }: SnippetInput): Call {
  const isUniversal = log.request_type === 'universal';
  const parts = isUniversal ? [] : [log.provider, ...log.path.split('/').filter((part) => part !== '')];
  const path = ['v1', account, gateway, ...parts].map(pathPart).join('/');
  return {
    url: `${origin}/${path}`,
    method: log.method,
    headers: body === null ? [] : [['content-type', plainType(log.request_content_type)]],
    body,
    fromFile: body !== null && body.length > LONGEST_BODY,
  };
}

/** Percent signs that are there stay: a path was recorded as it came. */
const pathPart = (part: string): string =>
  part.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@%]/gu, (one) =>
    encodeURIComponent(one.isWellFormed() ? one : '?'),
  );

const plainType = (type: string | null): string =>
  type !== null && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;[ \w=".+-]*)?$/.test(type) ? type : 'application/json';

function curl({ url, method, headers, body, fromFile }: Call): string {
  const lines = [
    `curl ${shell(url)}`,
    ...(method === (body === null ? 'GET' : 'POST') ? [] : [`-X ${shell(method)}`]),
    `-H "cf-aig-authorization: Bearer $${TOKEN}"`,
    ...headers.map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-binary ${fromFile ? `@${FILE}` : shell(body)}`]),
  ];
  return lines.join(' \\\n  ');
}

/** One word of a POSIX shell: nothing has a meaning between single quotes but the quote itself. */
function shell(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
}

function python({ url, method, headers, body, fromFile }: Call): string {
  const data =
    body === null ? [] : [`    content=${fromFile ? `open("${FILE}", "rb")` : `${literal(body)}.encode()`},`];
  return [
    'import os',
    'import httpx',
    '',
    'response = httpx.request(',
    `    ${literal(method)},`,
    `    ${literal(url)},`,
    '    headers={',
    `        "cf-aig-authorization": "Bearer " + os.environ["${TOKEN}"],`,
    ...headers.map(([name, value]) => `        ${literal(name)}: ${literal(value)},`),
    '    },',
    ...data,
    '    timeout=600,',
    ')',
    'print(response.text)',
  ].join('\n');
}

function typescript({ url, method, headers, body, fromFile }: Call): string {
  return [
    ...(fromFile ? [`import { readFile } from 'node:fs/promises';`, ''] : []),
    `const response = await fetch(${literal(url)}, {`,
    `  method: ${literal(method)},`,
    '  headers: {',
    `    "cf-aig-authorization": \`Bearer \${process.env.${TOKEN}}\`,`,
    ...headers.map(([name, value]) => `    ${literal(name)}: ${literal(value)},`),
    '  },',
    ...(body === null ? [] : [`  body: ${fromFile ? `await readFile("${FILE}")` : literal(body)},`]),
    '});',
    'console.log(await response.text());',
  ].join('\n');
}

/**
 * A string literal that JavaScript and Python read alike: a JSON string, with everything that is not plain ASCII escaped,
 * so that nothing in it is invisible. Python knows no surrogates, so characters beyond 16 bits stay as they are.
 */
function literal(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(/[\u007f-\uffff]/g, (one) =>
    /[\ud800-\udfff]/.test(one) || /\p{L}|\p{N}|\p{P}|\p{S}/u.test(one)
      ? one
      : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
