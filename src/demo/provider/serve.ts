import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { type Answer, jsonAnswer, ProviderFailure } from './answer.ts';
import { type Delivery, deliver, type Timing } from './deliver.ts';
import { Dice } from './dice.ts';
import { chooseFamily } from './families.ts';
import { type Fault, FaultSyntaxError } from './fault.ts';
import type { Entry, Journal } from './journal.ts';
import type { PromptCache } from './prompt-cache.ts';
import type { Family, ProviderRequest } from './provider-request.ts';
import type { Script } from './script.ts';

/** What lasts from one request to the next. */
export interface World {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly script: Script;
  readonly promptCache: PromptCache;
  /** How often each body was seen: the same question gets the same words, under another id. */
  readonly seenBodies: Map<string, number>;
  readonly keys: readonly string[] | null;
  readonly awsSecretKey: string | null;
  readonly models: readonly string[] | null;
  readonly timing: Timing;
  readonly seed: string;
  readonly bodyLimitBytes: number;
  readonly closing: AbortController;
  windowStart: number;
  windowCount: number;
}

const MAX_SEEN_BODIES = 20_000;

export async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const entry = world.journal.begin(request.method ?? 'GET', request.url ?? '/', request.rawHeaders);
  const left = new AbortController();
  let brokenHere = false;
  const leave = (): void => left.abort();
  world.closing.signal.addEventListener('abort', leave, { once: true });
  response.once('close', () => {
    world.closing.signal.removeEventListener('abort', leave);
    world.journal.end(entry, !response.writableFinished && !brokenHere && !world.closing.signal.aborted);
    left.abort();
  });
  try {
    const { isTooLarge } = await readBody(request, entry, world.bodyLimitBytes, left.signal);
    const { answer, fault, family, providerRequest } = decide(world, request, entry, isTooLarge);
    const delivery: Delivery = {
      request,
      response,
      entry,
      fault,
      timing: {
        firstTokenMs: fault.firstTokenMs ?? world.timing.firstTokenMs,
        tokenMs: fault.tokenMs ?? world.timing.tokenMs,
      },
      gone: left.signal,
      breaking: () => {
        brokenHere = true;
      },
      errorFrame: () => family.failFrame(providerRequest, family.failure(fault.errorStatus ?? 529)),
    };
    await deliver(answer, delivery);
  } catch (error) {
    if (left.signal.aborted || response.destroyed) return;
    // A fault of this program itself: it must be seen as such, not as one of the script's.
    const message = `scripted provider: ${error instanceof Error ? error.stack : String(error)}`;
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(message);
  }
}

function readBody(
  request: IncomingMessage,
  entry: Entry,
  limitBytes: number,
  gone: AbortSignal,
): Promise<{ isTooLarge: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) chunks.push(chunk);
    });
    finished(request, { writable: false }, (error) => {
      entry.body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      if (error || gone.aborted) reject(error ?? gone.reason);
      else resolve({ isTooLarge: bytes > limitBytes });
    });
  });
}

interface Decision {
  readonly answer: Answer;
  readonly fault: Fault;
  readonly family: Family;
  readonly providerRequest: ProviderRequest;
}

function decide(world: World, request: IncomingMessage, entry: Entry, isTooLarge: boolean): Decision {
  const url = entry.url;
  const mark = url.indexOf('?');
  const fullPath = (mark < 0 ? url : url.slice(0, mark)).replace(/\/{2,}/g, '/');
  const { family, path } = chooseFamily(fullPath, request.headers, entry.body);
  entry.family = family.id;
  let fault: Fault = {};
  let complaint: string | null = null;
  try {
    fault = world.script.choose(request.headers, fullPath, entry.body);
  } catch (error) {
    if (!(error instanceof FaultSyntaxError)) throw error;
    complaint = error.message;
  }
  entry.fault = fault;
  const digest = createHash('sha1').update(world.seed).update(path).update(entry.body).digest('base64');
  const seen = (world.seenBodies.get(digest) ?? 0) + 1;
  if (world.seenBodies.size > MAX_SEEN_BODIES) world.seenBodies.clear();
  world.seenBodies.set(digest, seen);
  const providerRequest: ProviderRequest = {
    method: entry.method,
    path,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: request.headers,
    url,
    body: entry.body,
    fault,
    dice: new Dice(digest),
    idDice: new Dice(`${digest}${seen}`),
    nowMs: world.clock.now(),
    promptCache: world.promptCache,
    principal: principal(request),
    acceptsKey: (key) => key !== '' && (world.keys === null || world.keys.includes(key)),
    awsSecretKey: world.awsSecretKey,
    knownModels: world.models,
    remainingRequests: countInWindow(world),
  };
  if (complaint !== null) {
    const answer = jsonAnswer({ scripted_fault_error: complaint }, {}, 400);
    return { answer, fault, family, providerRequest };
  }
  return { answer: answerOrFail(family, providerRequest, isTooLarge), fault, family, providerRequest };
}

function answerOrFail(family: Family, request: ProviderRequest, isTooLarge: boolean): Answer {
  const { fault } = request;
  if (fault.redirect !== undefined) {
    const headers = { location: fault.redirect, 'content-type': 'text/plain' };
    return { kind: 'whole', status: fault.redirectStatus ?? 307, headers, body: Buffer.alloc(0), tokens: 0 };
  }
  try {
    if (isTooLarge) throw family.failure(413);
    family.authorize(request);
    if (fault.status !== undefined && fault.status >= 300) {
      const usual = family.failure(fault.status);
      throw fault.retryAfter === undefined
        ? usual
        : new ProviderFailure(usual.status, usual.message, { retryAfter: fault.retryAfter });
    }
    const answer = family.answer(request);
    if (fault.okError || (fault.errorEvent !== undefined && answer.kind === 'whole')) {
      const failed = family.fail(request, family.failure(fault.errorStatus ?? 500));
      return { ...failed, status: 200 };
    }
    return answer;
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    return family.fail(request, error);
  }
}

function principal(request: IncomingMessage): string {
  const { headers } = request;
  const written = headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers.authorization ?? '';
  const text = String(written);
  return text.startsWith('AWS4-') ? (/Credential=([^/,]+)/.exec(text)?.[1] ?? '') : text;
}

/** What is left of the 500 requests a minute that the rate-limit headers speak of. It is never enforced. */
function countInWindow(world: World): number {
  const minute = Math.floor(world.clock.now() / 60_000);
  if (world.windowStart !== minute) {
    world.windowStart = minute;
    world.windowCount = 0;
  }
  return Math.max(0, 500 - ++world.windowCount);
}
