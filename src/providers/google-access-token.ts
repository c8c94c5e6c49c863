import { createHash } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { GatewayError } from '../core/errors.ts';
import type { AuthorizeServices } from '../core/provider.ts';

/** The parts of a Google service-account key file that are used. */
export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKey: string;
  readonly privateKeyId: string | null;
}

// Always this address: a key file may come from a client, and its `token_uri` would choose whom the gateway calls.
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const EARLY_MS = 5 * 60_000;
const ENTRY_LIMIT = 1000;

interface Entry {
  readonly token: Promise<string>;
  /** Infinity while the exchange is under way. */
  freshUntilMs: number;
}

/** Access tokens by account, exchanged once and kept until five minutes before they end. */
export class GoogleAccessTokens {
  readonly #entries = new Map<string, Entry>();

  get(account: ServiceAccount, services: AuthorizeServices): Promise<string> {
    // The whole key is hashed: half of a forged pair must not find the other half's token.
    const id = createHash('sha256').update(`${account.clientEmail}\n${account.privateKey}`).digest('base64');
    const known = this.#entries.get(id);
    if (known && known.freshUntilMs > services.nowMs) return known.token;
    const exchanged = exchange(account, services);
    const entry: Entry = {
      token: exchanged.then(({ token }) => token),
      freshUntilMs: Number.POSITIVE_INFINITY,
    };
    exchanged.then(
      ({ lifetimeMs }) => {
        entry.freshUntilMs = services.nowMs + lifetimeMs - EARLY_MS;
      },
      // A failed exchange is not remembered: the next request tries again.
      () => {
        if (this.#entries.get(id) === entry) this.#entries.delete(id);
      },
    );
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    if (this.#entries.size > ENTRY_LIMIT) this.#entries.delete(this.#entries.keys().next().value!);
    return entry.token;
  }
}

async function exchange(
  account: ServiceAccount,
  services: AuthorizeServices,
): Promise<{ token: string; lifetimeMs: number }> {
  const assertion = await assertionOf(account, services.nowMs);
  let answer: { status: number; body: string };
  try {
    answer = await services.postForm(TOKEN_URL, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    });
  } catch (cause) {
    throw failed('the token exchange could not be reached', cause);
  }
  if (answer.status !== 200) throw failed(`the token exchange answered ${answer.status}`);
  let fields: { access_token?: unknown; expires_in?: unknown };
  try {
    fields = JSON.parse(answer.body) as typeof fields;
  } catch (cause) {
    throw failed('the token exchange answered no JSON', cause);
  }
  const token = fields?.access_token;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw failed('the token exchange gave no token');
  const seconds = Number(fields.expires_in ?? 3600);
  return { token, lifetimeMs: Number.isFinite(seconds) ? seconds * 1000 : 3_600_000 };
}

async function assertionOf(account: ServiceAccount, nowMs: number): Promise<string> {
  const issuedAt = Math.floor(nowMs / 1000);
  try {
    const key = await importPKCS8(account.privateKey, 'RS256');
    return await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({
        alg: 'RS256',
        typ: 'JWT',
        ...(account.privateKeyId ? { kid: account.privateKeyId } : {}),
      })
      .setIssuer(account.clientEmail)
      .setAudience(TOKEN_URL)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 3600)
      .sign(key);
  } catch (cause) {
    throw failed('the `private_key` of the service account cannot be read', cause);
  }
}

function failed(what: string, cause?: unknown): GatewayError {
  return new GatewayError('upstream-failed', `No access token for Vertex AI: ${what}`, { cause });
}
