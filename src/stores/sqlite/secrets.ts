import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { SecretStore } from '../../core/stores/secrets.ts';
import { CONFIG_MIGRATIONS } from './config-schema.ts';
import { type Database, migrate, openDatabase, type Statement } from './database.ts';

/** The master key is not the one that the secrets were stored under. Nothing was changed. */
export class WrongMasterKeyError extends Error {
  constructor(path: string) {
    super(
      `the master key does not fit the secrets in ${path}: start with the key that they were stored under (TIDEGATE_MASTER_KEY or the key file)`,
    );
    this.name = 'WrongMasterKeyError';
  }
}

export interface SqliteSecretStore extends SecretStore {
  /** Forgets decrypted values when another process has written. */
  refresh(): void;
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Decrypted values kept in memory, so that the request path neither reads nor decrypts for each request. */
const MAX_CACHED = 1024;

/** Keys derived from the master key: one wraps the data keys, the other only proves that the master key is right. */
interface Derived {
  readonly salt: Buffer;
  readonly wrapping: Buffer;
  readonly check: Buffer;
}

/**
 * Opens the secrets in config.db, by its path or over a connection that is open and stays its owner's. Each value is sealed under a random key of its own, and that key is wrapped by one
 * derived from the master key: rotation touches 60 bytes per secret and never a clear value.
 */
export function openSecretStore(config: string | Database, masterKey: Buffer): SqliteSecretStore {
  const isOwn = typeof config === 'string';
  const database = isOwn ? openDatabase(config) : config;
  try {
    database.exec('PRAGMA synchronous = FULL');
    // What is replaced or deleted is overwritten: after a rotation the old wrappings are gone from the file.
    database.exec('PRAGMA secure_delete = ON');
    const derived = unlock(database, masterKey);
    migrate(database, CONFIG_MIGRATIONS);
    return new Store(database, isOwn, derived ?? initialise(database, masterKey));
  } catch (error) {
    if (isOwn) database.close();
    throw error;
  }
}

/** The derived keys of a store that has a master key; null for one that has none yet. Only reads. */
function unlock(database: Database, masterKey: Buffer): Derived | null {
  const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'secret_meta'").get();
  if (table === undefined) return null;
  const rows = database.prepare("SELECT name, value FROM secret_meta WHERE name IN ('salt', 'check')").all();
  if (rows.length === 0) return null;
  const meta = new Map(rows.map((row) => [String(row.name), Buffer.from(row.value as Uint8Array)]));
  const derived = derive(masterKey, meta.get('salt') ?? Buffer.alloc(0));
  const check = meta.get('check') ?? Buffer.alloc(0);
  if (check.length !== KEY_BYTES || !timingSafeEqual(check, derived.check)) {
    throw new WrongMasterKeyError(database.path);
  }
  return derived;
}

function initialise(database: Database, masterKey: Buffer): Derived {
  // Another process may have come first: then its salt counts.
  return database.transaction(() => {
    const existing = unlock(database, masterKey);
    if (existing !== null) return existing;
    const derived = derive(masterKey, randomBytes(KEY_BYTES));
    writeMeta(database, derived);
    return derived;
  });
}

function writeMeta(database: Database, derived: Derived): void {
  const statement = database.prepare('INSERT OR REPLACE INTO secret_meta (name, value) VALUES (?, ?)');
  statement.run('salt', derived.salt);
  statement.run('check', derived.check);
}

function derive(masterKey: Buffer, salt: Buffer): Derived {
  if (masterKey.length < KEY_BYTES) throw new Error(`a master key needs at least ${KEY_BYTES} bytes`);
  const part = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', masterKey, salt, `tidegate ${purpose} v1`, KEY_BYTES));
  return { salt, wrapping: part('key wrapping'), check: part('key check') };
}

class Store implements SqliteSecretStore {
  readonly #database: Database;
  readonly #isOwn: boolean;
  #derived: Derived;
  readonly #cache = new Map<string, Secret>();
  readonly #select: Statement;
  readonly #upsert: Statement;
  readonly #remove: Statement;
  readonly #dataVersion: Statement;
  #seenVersion: unknown;

  constructor(database: Database, isOwn: boolean, derived: Derived) {
    this.#database = database;
    this.#isOwn = isOwn;
    database.onRollback(() => this.#cache.clear());
    this.#derived = derived;
    this.#select = database.prepare('SELECT wrapped_key, sealed_value FROM secret WHERE id = ?');
    this.#upsert = database.prepare(
      'INSERT OR REPLACE INTO secret (id, wrapped_key, sealed_value) VALUES (?, ?, ?)',
    );
    this.#remove = database.prepare('DELETE FROM secret WHERE id = ?');
    this.#dataVersion = database.prepare('PRAGMA data_version');
    this.#seenVersion = this.#dataVersion.get()?.data_version;
  }

  put(id: string, value: Secret): void {
    const dataKey = randomBytes(KEY_BYTES);
    const wrapped = seal(this.#derived.wrapping, `key:${id}`, dataKey);
    const sealed = seal(dataKey, `value:${id}`, Buffer.from(value.reveal()));
    dataKey.fill(0);
    this.#database.transaction(() => {
      this.#expectSameMasterKey();
      this.#upsert.run(id, wrapped, sealed);
    });
    this.#remember(id, value);
  }

  read(id: string): Secret | null {
    const known = this.#cache.get(id);
    if (known !== undefined) return known;
    let value: Secret;
    try {
      const row = this.#select.get(id);
      if (row === undefined) return null;
      const dataKey = unseal(this.#derived.wrapping, `key:${id}`, bytes(row.wrapped_key));
      value = new Secret(unseal(dataKey, `value:${id}`, bytes(row.sealed_value)).toString('utf8'));
    } catch (cause) {
      throw new GatewayError('secret-unavailable', 'A stored provider key could not be decrypted.', {
        cause,
      });
    }
    this.#remember(id, value);
    return value;
  }

  delete(id: string): void {
    this.#remove.run(id);
    this.#cache.delete(id);
  }

  rotate(newMasterKey: Buffer, alongside?: (count: number) => void): number {
    const next = derive(newMasterKey, randomBytes(KEY_BYTES));
    const count = this.#database.transaction(() => {
      this.#expectSameMasterKey();
      const rows = this.#database.prepare('SELECT id, wrapped_key FROM secret').all();
      const update = this.#database.prepare('UPDATE secret SET wrapped_key = ? WHERE id = ?');
      for (const row of rows) {
        const id = String(row.id);
        const dataKey = unseal(this.#derived.wrapping, `key:${id}`, bytes(row.wrapped_key));
        update.run(seal(next.wrapping, `key:${id}`, dataKey), id);
        dataKey.fill(0);
      }
      writeMeta(this.#database, next);
      alongside?.(rows.length);
      return rows.length;
    });
    this.#derived = next;
    // The journal still holds the old wrappings: a leaked old key must not open them.
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return count;
  }

  refresh(): void {
    const version = this.#dataVersion.get()?.data_version;
    if (version === this.#seenVersion) return;
    this.#seenVersion = version;
    this.#cache.clear();
  }

  close(): void {
    this.#cache.clear();
    if (this.#isOwn) this.#database.close();
  }

  /** A value sealed under a master key that another process has rotated away could never be read again. */
  #expectSameMasterKey(): void {
    const row = this.#database.prepare("SELECT value FROM secret_meta WHERE name = 'check'").get();
    if (row !== undefined && bytes(row.value).equals(this.#derived.check)) return;
    throw new GatewayError(
      'secret-unavailable',
      'The master key was changed by another process: restart the gateway with the new one.',
    );
  }

  /** Oldest out first: with more secrets than this, the busy ones come back at the price of one decryption. */
  #remember(id: string, value: Secret): void {
    this.#cache.delete(id);
    this.#cache.set(id, value);
    if (this.#cache.size > MAX_CACHED) this.#cache.delete(this.#cache.keys().next().value!);
  }
}

/** iv, tag, cipher text. The label is authenticated: a row that is moved to another id does not open. */
function seal(key: Buffer, label: string, clear: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(label));
  const text = Buffer.concat([cipher.update(clear), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

function unseal(key: Buffer, label: string, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(label))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

const bytes = (value: unknown): Buffer => Buffer.from(value as Uint8Array);
