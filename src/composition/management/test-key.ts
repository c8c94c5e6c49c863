import type { KeyTestObject } from '../../api/contract/providers.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { CallGateway, InsideReply } from '../../core/inside-call.ts';
import type { Gateway, StoredKey, Token } from '../../core/stores/config.ts';
import type { SecretStore } from '../../core/stores/secrets.ts';
import { KEY_TEST_ENDPOINTS, type KeyTestEndpoint } from '../../providers/known-endpoints.ts';
import { redactText } from '../../telemetry/redact.ts';

const TIMEOUT_MS = 15_000;
const MOST_ANSWER_BYTES = 64 * 1024;
const LONGEST_MESSAGE = 500;
/** So many characters in a row of a key are enough of it to be hidden. */
const TELLING_LENGTH = 8;

interface KeyTestServices {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  callGateway: CallGateway;
}

/**
 * Asks the provider of a stored key whether it takes it: a request through the whole pipeline, so that it goes where the
 * key's requests go, under the same guards, and nowhere else.
 */
export function keyTester({ secrets, clock, callGateway }: KeyTestServices) {
  return async (gateway: Gateway, key: StoredKey, token: Token): Promise<KeyTestObject> => {
    const test = testOf(key);
    if (test === null) {
      const message = 'There is no request to this provider that costs nothing: the first real one will tell';
      return { outcome: 'not_tested', status_code: null, message, duration: null };
    }
    const startedTick = clock.tick();
    const extra = Object.entries(test.headers ?? {}).flat();
    try {
      const reply = await callGateway({
        origin: 'key-test',
        purpose: key.id,
        account: key.account,
        gateway,
        token,
        method: 'GET',
        rest: `${key.provider}/${test.endpoint}`,
        headers: [
          'accept',
          'application/json',
          ...extra,
          'cf-aig-byok-alias',
          key.alias,
          'cf-aig-no-wholesale',
          'true',
          'cf-aig-skip-cache',
          'true',
          'cf-aig-max-attempts',
          '1',
          'cf-aig-request-timeout',
          String(TIMEOUT_MS),
        ],
        body: Buffer.alloc(0),
        signal: AbortSignal.timeout(2 * TIMEOUT_MS),
        hangUp: null,
      });
      const said = hide(messageIn(await readSome(reply)), secrets.read(key.secretId)?.reveal() ?? '');
      return {
        outcome: outcomeOf(reply.status, said),
        status_code: reply.status,
        message: said,
        duration: Math.round(clock.tick() - startedTick),
      };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { outcome: 'unclear', status_code: null, message: error.message, duration: null };
    }
  };
}

function testOf(key: StoredKey): KeyTestEndpoint | null {
  // Most servers that people run themselves speak as OpenAI does. Whether the path has a version is theirs to say.
  if (key.provider.startsWith('custom-')) return { endpoint: 'models' };
  return KEY_TEST_ENDPOINTS[key.provider] ?? null;
}

function outcomeOf(status: number, said: string): KeyTestObject['outcome'] {
  if (status >= 200 && status < 300) return 'accepted';
  // Google answers 400 to a wrong key.
  const isRefusal = status === 401 || status === 403 || (status === 400 && /api[ _-]?key/i.test(said));
  return isRefusal ? 'refused' : 'unclear';
}

async function readSome(reply: InsideReply): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Read to its end, as the reply wants it; kept only in part.
  for await (const chunk of reply.body) {
    if (bytes < MOST_ANSWER_BYTES) chunks.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8');
}

/** The sentence in an error's JSON, wherever providers put it. */
function messageIn(text: string): string {
  try {
    const found = findMessage(JSON.parse(text), 0);
    if (found !== null) return found;
  } catch {
    // No JSON: then its text.
  }
  return /^\s*[[{<]/.test(text) ? '' : text;
}

function findMessage(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null || depth > 4) return null;
  for (const name of ['message', 'detail', 'error', 'errors', 'title', 'err_msg']) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === 'string' && inner !== '') return inner;
    const found = findMessage(inner, depth + 1);
    if (found !== null) return found;
  }
  return Array.isArray(value) ? findMessage(value[0], depth + 1) : null;
}

/** Providers repeat keys in their errors, some of them in part. */
function hide(text: string, secret: string): string {
  const read = text.slice(0, 4 * LONGEST_MESSAGE);
  let shown = '';
  let hiddenUntil = 0;
  for (let i = 0; i < read.length; i++) {
    const piece = read.slice(i, i + TELLING_LENGTH);
    if (piece.length === TELLING_LENGTH && secret.includes(piece)) {
      if (hiddenUntil < i || shown === '') shown += '…';
      hiddenUntil = i + TELLING_LENGTH;
    }
    if (i >= hiddenUntil) shown += read[i];
  }
  return redactText(shown).slice(0, LONGEST_MESSAGE).trim();
}
