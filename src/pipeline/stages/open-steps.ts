import type { Controls } from '../../core/controls.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Exchange, Step, type StepInit } from '../../core/exchange.ts';
import type { HeaderList } from '../../core/headers.ts';
import { memo } from '../../core/memo.ts';
import type { Provider } from '../../core/provider.ts';
import { HeldBody } from '../../core/request-body.ts';
import type { Stage } from '../../core/stage.ts';

export interface StepServices {
  /** What the caller asks of the gateway for this step; throws GatewayError('bad-header'). */
  readControls(step: Step): Controls;
  /** A known provider, or an enabled custom provider of that account; null otherwise. */
  findProvider(account: string, slug: string): Provider | null;
  scan: StepInit['scan'];
  /** Removes content encodings within limits of size and ratio; null when that cannot be done. */
  decode(bytes: Buffer, encoding: string): Decoded | null | Promise<Decoded | null>;
}

interface Decoded {
  readonly bytes: Buffer;
  /** False when the encoded bytes end early. */
  readonly complete: boolean;
}

/** Turns the request into the steps that may answer it: one on a native route, those of the array on the universal endpoint. */
export function openSteps(services: StepServices): Stage<Exchange> {
  return async (exchange, next) => {
    if (exchange.requestType === 'native') {
      // Everything that can be refused by the head alone is refused before the body is read.
      const slash = exchange.rest.search(/[/?]/);
      const slug = slash === -1 ? exchange.rest : exchange.rest.slice(0, slash);
      const provider = requireProvider(services, exchange.account, slug, '');
      const tail = slash === -1 ? '' : exchange.rest.slice(exchange.rest[slash] === '/' ? slash + 1 : slash);
      checkEndpoint(tail, '');
      const step = new Step({
        exchange,
        index: 0,
        provider,
        endpoint: tail,
        headers: exchange.headers,
        body: exchange.body,
        scan: services.scan,
      });
      exchange.step = step;
      step.controls = services.readControls(step);
      exchange.body = await exchange.readBody();
      step.body = exchange.body;
      const plain = await plainBody(exchange, services);
      if (plain !== null) step.readFactsFrom(plain);
      exchange.steps = [step];
    } else {
      if (exchange.method !== 'POST')
        throw new GatewayError('method-not-allowed', 'The universal endpoint takes POST', {
          headers: ['allow', 'POST'],
        });
      exchange.body = await exchange.readBody();
      exchange.steps = universalSteps(exchange, await plainBody(exchange, services), services);
    }
    exchange.step = exchange.steps[0]!;
    for (const step of exchange.steps) {
      const { ambiguousKey } = step.facts;
      if (ambiguousKey !== null) {
        throw new GatewayError(
          'ambiguous-body',
          `The body has the key '${ambiguousKey}' more than once, or in another letter case: send it once`,
        );
      }
    }
    return next(exchange);
  };
}

function requireProvider(services: StepServices, account: string, slug: string, place: string): Provider {
  const provider = services.findProvider(account, slug);
  if (!provider)
    throw new GatewayError('invalid-provider', `Invalid provider${place}: '${slug.slice(0, 64)}'`);
  return provider;
}

function checkEndpoint(endpoint: string, place: string): void {
  if (mayLeaveBase(endpoint))
    throw new GatewayError(
      'invalid-path',
      `Invalid provider path${place}: it could leave the provider's base path`,
    );
}

/**
 * True for paths that some upstream could read as leaving its base: a dot segment in any encoding, a backslash, control
 * characters. Encoded slashes stay allowed: Bedrock ARNs have them.
 */
const mayLeaveBase = memo((endpoint): boolean => {
  const query = endpoint.indexOf('?');
  const path = query === -1 ? endpoint : endpoint.slice(0, query);
  let decoded = path;
  // Twice, for upstreams that decode twice.
  for (let pass = 0; pass < 2; pass++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      break;
    }
  }
  return (
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
    /[\u0000-\u0020\u007f#]/.test(endpoint) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
    /[\u0000-\u001f\u007f\\]/.test(decoded) ||
    decoded.split('/').some((segment) => segment === '..' || segment === '.') ||
    path.startsWith('/')
  );
});

/**
 * A compressed body without its encoding; null for one that has none. Policies must see what the provider will see, so
 * what cannot be decoded here does not go there.
 */
async function plainBody(exchange: Exchange, services: StepServices): Promise<Buffer | null> {
  const { body, headers } = exchange;
  if (body.kind !== 'held' || body.size === 0) return null;
  let encoding = '';
  // A field that stands twice is one list.
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.length === 16 && headers[i]!.toLowerCase() === 'content-encoding')
      encoding += `,${headers[i + 1]}`;
  }
  if (/^(?:\s|,|identity)*$/i.test(encoding)) return null;
  const decoded = await services.decode(body.bytes, encoding);
  if (!decoded?.complete) {
    throw new GatewayError(
      'bad-encoding',
      `The body cannot be decoded as its content-encoding says ('${encoding.slice(1, 64)}'), or is too large when decoded`,
    );
  }
  return decoded.bytes;
}

interface UniversalStep {
  readonly provider: string;
  readonly endpoint: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/** Body of the universal endpoint (spec 1.6): an array of steps, or one bare step. */
function universalSteps(exchange: Exchange, plain: Buffer | null, services: StepServices): Step[] {
  if (exchange.body.kind !== 'held')
    throw new GatewayError('body-too-large', 'The body is too large for the universal endpoint');
  let parsed: unknown;
  try {
    parsed = parseExactly((plain ?? exchange.body.bytes).toString('utf8'));
  } catch (error) {
    throw new GatewayError('bad-format', `The body is not JSON: ${(error as Error).message}`);
  }
  const entries: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (entries.length === 0)
    throw new GatewayError('bad-format', 'The body is an empty array; expected at least one step');
  if (entries.length > 100)
    throw new GatewayError('bad-format', `The body has ${entries.length} steps; at most 100 are taken`);
  return entries.map((entry, index) => {
    const place = Array.isArray(parsed) ? `[${index}]` : 'body';
    const read = readUniversalStep(exchange, entry, place);
    const provider = requireProvider(services, exchange.account, read.provider, ` in ${place}.provider`);
    checkEndpoint(read.endpoint, ` in ${place}.endpoint`);
    const body = new HeldBody([read.body]);
    const step = new Step({
      exchange,
      index,
      provider,
      endpoint: read.endpoint,
      headers: read.headers,
      body,
      scan: services.scan,
    });
    step.controls = services.readControls(step);
    return step;
  });
}

/** A number that a double cannot hold is kept as it is written: the query is the provider's to read. */
function parseExactly(text: string): unknown {
  if (!/\d{16}|[eE][+-]?\d{3}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key: string, value: unknown, at?: { source?: string }) =>
    typeof value === 'number' && at?.source !== undefined && String(value) !== at.source
      ? rawJson(at.source)
      : value,
  );
}

// ES2026; TypeScript's library does not have it yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

function readUniversalStep(exchange: Exchange, entry: unknown, place: string): UniversalStep {
  const step = object(entry, place);
  const provider = text(step.provider, `${place}.provider`);
  const endpoint = text(step.endpoint, `${place}.endpoint`).replace(/^\//, '');
  const headers = stepHeaders(exchange, step, place);
  return {
    provider,
    endpoint,
    headers,
    body: step.query === undefined ? Buffer.alloc(0) : written(step.query, `${place}.query`),
  };
}

/** JSON.parse takes any depth; JSON.stringify runs out of stack. */
function written(query: unknown, place: string): Buffer {
  try {
    return Buffer.from(JSON.stringify(query));
  } catch {
    throw new GatewayError('bad-format', `${place} is nested too deeply`);
  }
}

// What describes the array that came in, and not the body that goes out.
const OF_THE_ARRAY = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'accept-encoding',
]);

/** Step headers over request headers; `authorization` and `config` are older spellings of single headers. */
function stepHeaders(exchange: Exchange, step: Record<string, unknown>, place: string): HeaderList {
  const own = new Map<string, [name: string, value: string]>();
  const config =
    step.config === undefined || step.config === null ? {} : object(step.config, `${place}.config`);
  const add = (name: string, value: unknown): void => {
    if (value !== undefined && value !== null)
      own.set(name.toLowerCase(), [name, headerText(value, `${place}: header ${name}`)]);
  };
  add('cf-aig-request-timeout', config.requestTimeout);
  add('cf-aig-max-attempts', config.maxAttempts);
  add('cf-aig-retry-delay', config.retryDelay);
  add('cf-aig-backoff', config.backoff);
  add('authorization', step.authorization);
  const given =
    step.headers === undefined || step.headers === null ? {} : object(step.headers, `${place}.headers`);
  for (const [name, value] of Object.entries(given)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/.test(name))
      throw new GatewayError('bad-format', `${place}.headers: '${name.slice(0, 64)}' is no header name`);
    add(name, value);
  }
  const headers: HeaderList = [];
  for (let i = 0; i < exchange.headers.length; i += 2) {
    const lower = exchange.headers[i]!.toLowerCase();
    if (!own.has(lower) && !OF_THE_ARRAY.has(lower))
      headers.push(exchange.headers[i]!, exchange.headers[i + 1]!);
  }
  for (const [name, value] of own.values()) headers.push(name, value);
  if (!own.has('content-type') && step.query !== undefined) headers.push('content-type', 'application/json');
  return headers;
}

function headerText(value: unknown, place: string): string {
  const string = typeof value === 'string' ? value : written(value, place).toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(string))
    throw new GatewayError('bad-format', `${place} has a value that no header can hold`);
  // As UTF-8 bytes in a latin1 string: the form in which every other header value is here.
  return Buffer.from(string, 'utf8').toString('latin1');
}

function object(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GatewayError('bad-format', `${place}: expected an object`);
  return value as Record<string, unknown>;
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '')
    throw new GatewayError('bad-format', `${place}: expected a string`);
  return value;
}
