import { connectWords as words } from '../words/connect.ts';
import { type Endpoint, file, type Snippet, shell, TOKEN_HEADER } from './endpoint.ts';
import type { ProviderForm } from './provider-forms.ts';

type Writer = (address: string, endpoint: Endpoint, provider: ProviderForm) => Snippet;

const program = words.yourProgram;

const curlOpenai: Writer = (address, { needsToken }, { model, keyName }) =>
  curl(`${address}/chat/completions`, needsToken, [`Authorization: Bearer $${keyName}`], {
    model,
    messages: [{ role: 'user', content: 'Hello' }],
  });

const curlAnthropic: Writer = (address, { needsToken }, { model, keyName }) =>
  curl(`${address}/v1/messages`, needsToken, [`x-api-key: $${keyName}`, 'anthropic-version: 2023-06-01'], {
    model,
    max_tokens: 256,
    messages: [{ role: 'user', content: 'Hello' }],
  });

const curlGoogle: Writer = (address, { needsToken }, { model, keyName }) =>
  curl(`${address}/v1beta/models/${model}:generateContent`, needsToken, [`x-goog-api-key: $${keyName}`], {
    contents: [{ parts: [{ text: 'Hello' }] }],
  });

function curl(url: string, needsToken: boolean, headers: readonly string[], body: unknown): Snippet {
  return shell(
    `curl ${url}`,
    needsToken && `-H "${TOKEN_HEADER}: Bearer $TIDEGATE_TOKEN"`,
    ...headers.map((header) => `-H "${header}"`),
    '-H "Content-Type: application/json"',
    `-d '${JSON.stringify(body)}'`,
  );
}

const PYTHON_HEADERS = `{"${TOKEN_HEADER}": f"Bearer {os.environ['TIDEGATE_TOKEN']}"}`;

const pythonOpenai: Writer = (address, { needsToken }, { model, keyName }) =>
  file(
    program,
    'import os',
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url="${address}",`,
    `    api_key=os.environ["${keyName}"],`,
    needsToken && `    default_headers=${PYTHON_HEADERS},`,
    ')',
    'answer = client.chat.completions.create(',
    `    model="${model}",`,
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
  );

const pythonAnthropic: Writer = (address, { needsToken }, { model }) =>
  file(
    program,
    needsToken && 'import os',
    'from anthropic import Anthropic',
    '',
    'client = Anthropic(',
    `    base_url="${address}",`,
    needsToken && `    default_headers=${PYTHON_HEADERS},`,
    ')',
    'message = client.messages.create(',
    `    model="${model}",`,
    '    max_tokens=256,',
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
  );

const pythonGoogle: Writer = (address, { needsToken }, { model, keyName }) =>
  file(
    program,
    'import os',
    'from google import genai',
    '',
    'client = genai.Client(',
    `    api_key=os.environ["${keyName}"],`,
    '    http_options={',
    `        "base_url": "${address}",`,
    needsToken && `        "headers": ${PYTHON_HEADERS},`,
    '    },',
    ')',
    `answer = client.models.generate_content(model="${model}", contents="Hello")`,
  );

const SCRIPT_HEADERS = `{ '${TOKEN_HEADER}': \`Bearer \${process.env.TIDEGATE_TOKEN}\` }`;

const scriptOpenai: Writer = (address, { needsToken }, { model, keyName }) =>
  file(
    program,
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: '${address}',`,
    `  apiKey: process.env.${keyName},`,
    needsToken && `  defaultHeaders: ${SCRIPT_HEADERS},`,
    '});',
    'const answer = await client.chat.completions.create({',
    `  model: '${model}',`,
    "  messages: [{ role: 'user', content: 'Hello' }],",
    '});',
  );

const scriptAnthropic: Writer = (address, { needsToken }, { model }) =>
  file(
    program,
    "import Anthropic from '@anthropic-ai/sdk';",
    '',
    'const client = new Anthropic({',
    `  baseURL: '${address}',`,
    needsToken && `  defaultHeaders: ${SCRIPT_HEADERS},`,
    '});',
    'const message = await client.messages.create({',
    `  model: '${model}',`,
    '  max_tokens: 256,',
    "  messages: [{ role: 'user', content: 'Hello' }],",
    '});',
  );

const scriptGoogle: Writer = (address, { needsToken }, { model, keyName }) =>
  file(
    program,
    "import { GoogleGenAI } from '@google/genai';",
    '',
    'const client = new GoogleGenAI({',
    `  apiKey: process.env.${keyName},`,
    '  httpOptions: {',
    `    baseUrl: '${address}',`,
    needsToken && `    headers: ${SCRIPT_HEADERS},`,
    '  },',
    '});',
    'const answer = await client.models.generateContent({',
    `  model: '${model}',`,
    "  contents: 'Hello',",
    '});',
  );

/** By client, then by the format in which the provider is asked. */
export const SDK_WRITERS: Readonly<
  Record<'curl' | 'python' | 'typescript', Readonly<Record<ProviderForm['format'], Writer>>>
> = {
  curl: { openai: curlOpenai, anthropic: curlAnthropic, google: curlGoogle },
  python: { openai: pythonOpenai, anthropic: pythonAnthropic, google: pythonGoogle },
  typescript: { openai: scriptOpenai, anthropic: scriptAnthropic, google: scriptGoogle },
};
