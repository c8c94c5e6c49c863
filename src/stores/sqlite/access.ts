import type { AccessStore, Session, TokenUse } from '../../core/stores/access.ts';
import { type Database, migrate, type Row, type Statement } from './database.ts';
import { openOrBegin } from './open-file.ts';

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE session (
    hash TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    token_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_token ON session (token_hash, created_at);
  CREATE TABLE token_use (
    account TEXT NOT NULL,
    token_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (account, token_id)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Opens or creates access.db. A damaged file is set aside: people sign in again, and nothing else is lost. */
export function openAccessStore(path: string, nowMs: number): AccessStore {
  return openOrBegin(path, nowMs, (database) => {
    database.exec('PRAGMA secure_delete = ON');
    migrate(database, MIGRATIONS);
    return new SqliteAccessStore(database);
  }).opened;
}

class SqliteAccessStore implements AccessStore {
  readonly #database: Database;
  readonly #find: Statement;
  readonly #touch: Statement;
  readonly #putUse: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#find = database.prepare('SELECT * FROM session WHERE hash = ?');
    this.#touch = database.prepare('UPDATE session SET used_at = max(used_at, ?) WHERE hash = ?');
    this.#putUse = database.prepare(
      `INSERT INTO token_use (account, token_id, at, address) VALUES (?, ?, ?, ?)
       ON CONFLICT (account, token_id) DO UPDATE SET at = excluded.at, address = excluded.address
       WHERE excluded.at >= at`,
    );
  }

  findSession(hash: string): Session | null {
    const row = this.#find.get(hash);
    return row === undefined ? null : sessionOf(row);
  }

  putSession(session: Session): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO session (hash, account, token_id, token_hash, created_at, used_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(
        session.hash,
        session.account,
        session.tokenId,
        session.tokenHash,
        session.createdAt,
        session.usedAt,
      );
  }

  touchSession(hash: string, usedAt: number): void {
    this.#touch.run(usedAt, hash);
  }

  deleteSession(hash: string): void {
    this.#database.prepare('DELETE FROM session WHERE hash = ?').run(hash);
  }

  deleteSessionsOf(tokenHash: string): number {
    return Number(this.#database.prepare('DELETE FROM session WHERE token_hash = ?').run(tokenHash).changes);
  }

  deleteOldSessions(createdBefore: number, usedBefore: number, perToken: number): void {
    this.#database.transaction(() => {
      this.#database
        .prepare('DELETE FROM session WHERE created_at < ? OR used_at < ?')
        .run(createdBefore, usedBefore);
      this.#database
        .prepare(
          `DELETE FROM session WHERE hash IN (
             SELECT hash FROM (
               SELECT hash, row_number() OVER (PARTITION BY token_hash ORDER BY created_at DESC, hash) AS rank
               FROM session
             ) WHERE rank > ?
           )`,
        )
        .run(perToken);
    });
  }

  tokenUses(account: string): ReadonlyMap<string, TokenUse> {
    const rows = this.#database
      .prepare('SELECT token_id, at, address FROM token_use WHERE account = ?')
      .all(account);
    return new Map(
      rows.map((row) => [String(row.token_id), { at: Number(row.at), address: String(row.address) }]),
    );
  }

  putTokenUses(uses: readonly { account: string; tokenId: string; use: TokenUse }[]): void {
    this.#database.transaction(() => {
      for (const { account, tokenId, use } of uses) this.#putUse.run(account, tokenId, use.at, use.address);
    });
  }

  close(): void {
    this.#database.close();
  }
}

function sessionOf(row: Row): Session {
  return {
    hash: String(row.hash),
    account: String(row.account),
    tokenId: String(row.token_id),
    tokenHash: String(row.token_hash),
    createdAt: Number(row.created_at),
    usedAt: Number(row.used_at),
  };
}
