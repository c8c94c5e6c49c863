import type { AuditLog } from '../../core/stores/audit.ts';
import {
  type ConfigSnapshot,
  type ConfigStore,
  type CustomProvider,
  type Gateway,
  gatewayKey,
  type SavedView,
  type StoredKey,
  storedKeyKey,
  type Token,
} from '../../core/stores/config.ts';
import { SqliteAuditLog } from './audit.ts';
import { CONFIG_MIGRATIONS } from './config-schema.ts';
import { type Database, migrate, type Statement, type Value } from './database.ts';
import { openFile } from './open-file.ts';

export interface SqliteConfigStore extends ConfigStore {
  /** Takes over what another process (the command line) wrote. True when there was anything. */
  refresh(): boolean;
  /** The file's connection, for the secrets that lie in it: what is changed in both is changed in one transaction. */
  readonly database: Database;
}

/** Opens or creates config.db. A write is on disk when it returns, not only handed to the system. */
export function openConfigStore(path: string): SqliteConfigStore {
  return openFile(path, (database) => {
    database.exec('PRAGMA synchronous = FULL');
    migrate(database, CONFIG_MIGRATIONS);
    return new Store(database);
  });
}

class Store implements SqliteConfigStore {
  readonly database: Database;
  readonly audit: AuditLog;
  readonly #dataVersion: Statement;
  readonly #statements = new Map<string, Statement>();
  /** What was read last, by table and text: what has not changed is the same object, and is not parsed again. */
  readonly #documents = new Map<string, ReadonlyMap<string, object>>();
  #seenVersion = -1;
  #snapshot: ConfigSnapshot;
  /** True when the file has more than the snapshot: it is read when somebody asks. */
  #isStale = false;
  #isInTransaction = false;

  constructor(database: Database) {
    this.database = database;
    this.audit = new SqliteAuditLog(database);
    this.#dataVersion = database.prepare('PRAGMA data_version');
    this.#snapshot = this.#read(1);
    database.onRollback(() => {
      this.#isStale = true;
    });
  }

  transaction<T>(work: () => T): T {
    if (this.#isInTransaction) return work();
    this.#isInTransaction = true;
    try {
      return this.database.transaction(work);
    } finally {
      this.#isInTransaction = false;
      // Not at the next request, which would have to wait for it.
      if (this.#isStale) this.#renew();
    }
  }

  snapshot(): ConfigSnapshot {
    if (this.#isStale) this.#renew();
    return this.#snapshot;
  }

  refresh(): boolean {
    if (this.#foreignVersion() === this.#seenVersion) return false;
    this.#renew();
    return true;
  }

  putAccount(id: string): void {
    this.#write(() => this.#run('INSERT OR IGNORE INTO account (id) VALUES (?)', id));
  }

  putGateway(gateway: Gateway): void {
    this.#write(() => {
      this.#run('INSERT OR IGNORE INTO account (id) VALUES (?)', gateway.account);
      this.#run(
        'INSERT OR REPLACE INTO gateway (account, id, document) VALUES (?, ?, ?)',
        gateway.account,
        gateway.id,
        JSON.stringify(gateway),
      );
    });
  }

  deleteGateway(account: string, id: string): void {
    this.#write(() => {
      this.#run('DELETE FROM stored_key WHERE account = ? AND gateway = ?', account, id);
      this.#run('DELETE FROM view WHERE account = ? AND gateway = ?', account, id);
      this.#run('DELETE FROM gateway WHERE account = ? AND id = ?', account, id);
    });
  }

  putKey(key: StoredKey): void {
    this.#write(() => {
      this.#run(
        'INSERT OR REPLACE INTO stored_key (account, gateway, provider, alias, document) VALUES (?, ?, ?, ?, ?)',
        key.account,
        key.gateway,
        key.provider,
        key.alias,
        JSON.stringify(key),
      );
    });
  }

  deleteKey(key: StoredKey): void {
    this.#write(() =>
      this.#run(
        'DELETE FROM stored_key WHERE account = ? AND gateway = ? AND provider = ? AND alias = ?',
        key.account,
        key.gateway,
        key.provider,
        key.alias,
      ),
    );
  }

  putCustomProvider(provider: CustomProvider): void {
    // Not INSERT OR REPLACE: that would silently remove another provider that has the slug.
    this.#write(() =>
      this.#run(
        `INSERT INTO custom_provider (account, id, slug, document) VALUES (?, ?, ?, ?)
         ON CONFLICT (account, id) DO UPDATE SET slug = excluded.slug, document = excluded.document`,
        provider.account,
        provider.id,
        provider.slug,
        JSON.stringify(provider),
      ),
    );
  }

  deleteCustomProvider(account: string, id: string): void {
    this.#write(() => this.#run('DELETE FROM custom_provider WHERE account = ? AND id = ?', account, id));
  }

  putToken(token: Token): void {
    this.#write(() => {
      this.#run('INSERT OR IGNORE INTO account (id) VALUES (?)', token.account);
      this.#run(
        `INSERT INTO token (account, id, hash, created_at, document) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (account, id) DO UPDATE SET hash = excluded.hash, document = excluded.document`,
        token.account,
        token.id,
        token.hash,
        token.createdAt,
        JSON.stringify(token),
      );
    });
  }

  listTokens(account: string): Token[] {
    const known = this.#documents.get('token');
    return this.#prepared('SELECT document FROM token WHERE account = ? ORDER BY created_at DESC, id DESC')
      .all(account)
      .map(({ document: text }) => (known?.get(String(text)) as Token | undefined) ?? document<Token>(text));
  }

  putView(view: SavedView): void {
    this.#run(
      'INSERT OR REPLACE INTO view (account, gateway, id, document) VALUES (?, ?, ?, ?)',
      view.account,
      view.gateway,
      view.id,
      JSON.stringify(view),
    );
  }

  deleteView(view: SavedView): void {
    const { account, gateway, id } = view;
    this.#run('DELETE FROM view WHERE account = ? AND gateway = ? AND id = ?', account, gateway, id);
  }

  listViews(account: string): SavedView[] {
    return this.#prepared('SELECT document FROM view WHERE account = ? ORDER BY id')
      .all(account)
      .map((row) => document<SavedView>(row.document));
  }

  close(): void {
    this.database.close();
  }

  #write(work: () => void): void {
    this.transaction(() => {
      work();
      this.#isStale = true;
    });
  }

  #renew(): void {
    this.#snapshot = this.#read(this.#snapshot.version + 1);
    this.#isStale = false;
  }

  #read(version: number): ConfigSnapshot {
    this.#seenVersion = this.#foreignVersion();
    const gateways = this.#readAll<Gateway>('gateway');
    const keys = this.#readAll<StoredKey>('stored_key');
    const providers = this.#readAll<CustomProvider>('custom_provider');
    const tokens = this.#readAll<Token>('token');
    const accounts = this.#prepared('SELECT id FROM account').all();
    return Object.freeze({
      version,
      accounts: new Set(accounts.map((row) => String(row.id))),
      gateways: new Map(gateways.map((gateway) => [gatewayKey(gateway.account, gateway.id), gateway])),
      keys: new Map(
        keys.map((key) => [storedKeyKey(key.account, key.gateway, key.provider, key.alias), key]),
      ),
      customProviders: new Map(
        providers.map((provider) => [`${provider.account}/${provider.slug}`, provider]),
      ),
      tokens: new Map(tokens.filter((token) => token.revokedAt === null).map((token) => [token.hash, token])),
    });
  }

  #readAll<T extends object>(table: string): T[] {
    const known = this.#documents.get(table);
    const read = new Map<string, object>();
    for (const row of this.#prepared(`SELECT document FROM ${table}`).all()) {
      const text = String(row.document);
      read.set(text, known?.get(text) ?? document<T>(text));
    }
    this.#documents.set(table, read);
    return [...read.values()] as T[];
  }

  /** Changes when another connection has committed; own commits leave it as it is. */
  #foreignVersion(): number {
    return Number(this.#dataVersion.get()?.data_version);
  }

  #run(sql: string, ...values: Value[]): void {
    this.#prepared(sql).run(...values);
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Documents are ours alone: written by this file and by migrations, checked before they come here. */
function document<T extends object>(text: unknown): T {
  return deepFreeze(JSON.parse(String(text)) as T);
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
