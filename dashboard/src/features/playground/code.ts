import type { Call } from './call.ts';

export const LANGUAGES = ['curl', 'python', 'typescript'] as const;
export type Language = (typeof LANGUAGES)[number];

interface CodeInput {
  /** `https://gateway.example/v1/{account}/{gateway}`. */
  readonly baseAddress: string;
  readonly call: Call;
}

/** How a client library of the format is asked; without one it is plain HTTP. */
interface Library {
  /** Of the path, what the library adds by itself. */
  readonly tail: string;
  readonly python: { readonly module: string; readonly name: string; readonly method: string };
  readonly typescript: { readonly module: string; readonly name: string; readonly method: string };
}

const LIBRARIES: readonly Library[] = [
  {
    tail: '/chat/completions',
    python: { module: 'openai', name: 'OpenAI', method: 'chat.completions.create' },
    typescript: { module: 'openai', name: 'OpenAI', method: 'chat.completions.create' },
  },
  {
    tail: '/v1/messages',
    python: { module: 'anthropic', name: 'Anthropic', method: 'messages.create' },
    typescript: { module: '@anthropic-ai/sdk', name: 'Anthropic', method: 'messages.create' },
  },
];

/** The names of secrets, never their values. */
const TOKEN = 'TIDEGATE_TOKEN';
/** A body that is longer is read from a file: a command line and a reader have their limits. */
export const LONGEST_BODY = 32 * 1024;

export const isLong = ({ body }: Call): boolean => JSON.stringify(body).length > LONGEST_BODY;

/** Code that sends the same request through this gateway, with the reader's own token and the stored key. */
export function code(language: Language, input: CodeInput): string {
  const { call } = input;
  if (language === 'curl') return curl(input);
  // With another query than the library knows, it is told apart from it by nothing: plain HTTP says what is sent.
  const address = `/${call.provider}/${call.path}`;
  const library = call.query === '' ? LIBRARIES.find(({ tail }) => address.endsWith(tail)) : undefined;
  if (library === undefined || isLong(call))
    return language === 'python' ? plainPython(input) : plainTypescript(input);
  const baseUrl = `${input.baseAddress}${address.slice(0, -library.tail.length)}`;
  return language === 'python'
    ? libraryPython(baseUrl, call, library.python)
    : libraryTypescript(baseUrl, call, library.typescript);
}

const urlOf = ({ baseAddress, call }: CodeInput): string =>
  `${baseAddress}/${call.provider}/${call.path}${call.query}`;

const headersOf = ({ headers }: Call): [string, string][] => [
  ['content-type', 'application/json'],
  ...Object.entries(headers),
];

function curl(input: CodeInput): string {
  const { call } = input;
  return [
    `curl ${shell(urlOf(input))}`,
    `-H "cf-aig-authorization: Bearer $${TOKEN}"`,
    ...headersOf(call).map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`),
    `--data-binary ${isLong(call) ? '@request.json' : shell(JSON.stringify(call.body, null, 2))}`,
  ].join(' \\\n  ');
}

/** One word of a POSIX shell: nothing has a meaning between single quotes but the quote itself. */
const shell = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;

function plainPython(input: CodeInput): string {
  const { call } = input;
  return [
    'import os',
    'import httpx',
    '',
    'response = httpx.post(',
    `    ${literal(urlOf(input))},`,
    '    headers={',
    `        "cf-aig-authorization": f"Bearer {os.environ['${TOKEN}']}",`,
    ...headersOf(call).map(([name, value]) => `        ${literal(name)}: ${literal(value)},`),
    '    },',
    isLong(call) ? '    content=open("request.json", "rb"),' : `    json=${python(call.body, '    ')},`,
    '    timeout=600,',
    ')',
    'print(response.text)',
  ].join('\n');
}

function libraryPython(baseUrl: string, { body }: Call, { module, name, method }: Library['python']): string {
  const isStreamed = body.stream === true;
  return [
    'import os',
    `from ${module} import ${name}`,
    '',
    `client = ${name}(`,
    `    base_url=${literal(baseUrl)},`,
    // In place of the provider's key, the gateway's token lets the stored one be used.
    `    api_key=os.environ["${TOKEN}"],`,
    ')',
    `answer = client.${method}(`,
    ...Object.entries(body).map(([key, value]) => `    ${key}=${python(value, '    ')},`),
    ')',
    ...(isStreamed ? ['for event in answer:', '    print(event)'] : ['print(answer)']),
  ].join('\n');
}

function plainTypescript(input: CodeInput): string {
  const { call } = input;
  return [
    ...(isLong(call) ? ["import { readFile } from 'node:fs/promises';", ''] : []),
    `const response = await fetch(${literal(urlOf(input))}, {`,
    "  method: 'POST',",
    '  headers: {',
    `    'cf-aig-authorization': \`Bearer \${process.env.${TOKEN}}\`,`,
    ...headersOf(call).map(([name, value]) => `    ${literal(name)}: ${literal(value)},`),
    '  },',
    isLong(call)
      ? "  body: await readFile('request.json'),"
      : `  body: JSON.stringify(${indented(call.body, '  ')}),`,
    '});',
    'console.log(await response.text());',
  ].join('\n');
}

function libraryTypescript(
  baseUrl: string,
  { body }: Call,
  { module, name, method }: Library['typescript'],
): string {
  const isStreamed = body.stream === true;
  return [
    `import ${name} from '${module}';`,
    '',
    `const client = new ${name}({`,
    `  baseURL: ${literal(baseUrl)},`,
    `  apiKey: process.env.${TOKEN},`,
    '});',
    `const answer = await client.${method}(${indented(body, '')});`,
    ...(isStreamed ? ['for await (const event of answer) console.log(event);'] : ['console.log(answer);']),
  ].join('\n');
}

/** What is not plain to the eye is written as its number, so that nothing in code is invisible. */
const escapeHidden = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) =>
    one === '\n'
      ? one
      : [...Array(one.length).keys()]
          .map((index) => `\\u${one.charCodeAt(index).toString(16).padStart(4, '0')}`)
          .join(''),
  );

/** A string that JavaScript and Python read alike. */
const literal = (text: string): string => escapeHidden(JSON.stringify(text.toWellFormed()));

const indented = (value: unknown, margin: string): string =>
  escapeHidden(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${margin}`);

/** A value of JSON in Python. */
export function python(value: unknown, margin: string): string {
  const inner = `${margin}    `;
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((one) => `${inner}${python(one, inner)},`).join('\n')}\n${margin}]`;
  }
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, one]) => `${inner}${literal(key)}: ${python(one, inner)},`).join('\n')}\n${margin}}`;
}
