import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { canonicalJson } from '../../core/canonical-json.ts';
import type {
  AuditContent,
  AuditEntry,
  AuditLog,
  AuditQuery,
  AuditVerdict,
} from '../../core/stores/audit.ts';
import type { Database, Row, Value } from './database.ts';

const BEGINNING = '0'.repeat(64);
const VERIFY_BATCH = 500;

/** Every word of a row can be found in its document, which is what is hashed; the columns are for finding it. */
export const AUDIT_MIGRATION = `
  CREATE TABLE audit (
    account TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_id TEXT,
    actor_name TEXT,
    action TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id TEXT,
    document TEXT NOT NULL CHECK (json_valid(document)),
    hash TEXT NOT NULL,
    PRIMARY KEY (account, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX audit_at ON audit (account, at);
  CREATE TABLE audit_head (account TEXT PRIMARY KEY, sequence INTEGER NOT NULL, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit entries are not changed'); END;
  CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit entries are not deleted'); END;
`;

const COLUMNS =
  'sequence, at, actor_id, actor_name, action, resource_type, resource_id, document, hash' as const;

export class SqliteAuditLog implements AuditLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  append(contents: readonly AuditContent[]): void {
    if (contents.length === 0) return;
    this.#database.transaction(() => {
      for (const content of contents) this.#append(content);
    });
  }

  #append(content: AuditContent): void {
    const account = content.account.id;
    const head = this.#head(account);
    const sequence = (head?.sequence ?? 0) + 1;
    const document = canonicalJson({ ...content, sequence, previous_hash: head?.hash ?? BEGINNING });
    const hash = sha256(document);
    this.#database
      .prepare(`INSERT INTO audit (account, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(account, sequence, ...columnsOf(content), document, hash);
    this.#database
      .prepare('INSERT OR REPLACE INTO audit_head (account, sequence, hash) VALUES (?, ?, ?)')
      .run(account, sequence, hash);
  }

  list(account: string, query: AuditQuery): { entries: AuditEntry[]; totalCount: number } {
    const conditions = ['account = ?'];
    const values: Value[] = [account];
    const add = (condition: string, ...bound: (Value | null)[]): void => {
      if (bound.some((value) => value === null)) return;
      conditions.push(condition);
      values.push(...(bound as Value[]));
    };
    add('at >= ?', query.from);
    add('at <= ?', query.to);
    add('(actor_id = ? OR actor_name = ?)', query.actor, query.actor);
    add('action = ?', query.action);
    add('resource_type = ?', query.resourceType);
    add('resource_id = ?', query.resourceId);
    const where = conditions.join(' AND ');
    const rows = this.#database
      .prepare(`SELECT document, hash FROM audit WHERE ${where} ORDER BY sequence DESC LIMIT ? OFFSET ?`)
      .all(...values, query.limit, query.offset);
    const count = this.#database.prepare(`SELECT count(*) AS n FROM audit WHERE ${where}`).get(...values);
    return {
      entries: rows.map((row) => ({ ...JSON.parse(String(row.document)), hash: String(row.hash) })),
      totalCount: Number(count?.n ?? 0),
    };
  }

  async verify(account: string): Promise<AuditVerdict> {
    const read = this.#database.prepare(
      `SELECT ${COLUMNS} FROM audit WHERE account = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
    );
    let entries = 0;
    let previous = BEGINNING;
    for (;;) {
      // Read together with the rows: an entry that comes meanwhile is not taken for a missing one.
      const head = this.#head(account);
      const rows = read.all(account, entries, VERIFY_BATCH);
      for (const row of rows) {
        const reason = faultOf(row, entries + 1, previous, account);
        if (reason !== null) {
          const broken = { sequence: Number(row.sequence), id: idOf(row), reason };
          return { entries, head: entries === 0 ? null : previous, broken };
        }
        entries++;
        previous = String(row.hash);
      }
      if (rows.length === VERIFY_BATCH) {
        await setImmediate();
        continue;
      }
      const isWhole = (head?.sequence ?? 0) === entries && (head?.hash ?? BEGINNING) === previous;
      const broken = isWhole
        ? null
        : { sequence: entries + 1, id: null, reason: 'entries are missing at the end' };
      return { entries, head: entries === 0 ? null : previous, broken };
    }
  }

  has(account: string, hash: string): boolean {
    const row = this.#database
      .prepare('SELECT 1 FROM audit WHERE account = ? AND hash = ?')
      .get(account, hash);
    return row !== undefined;
  }

  #head(account: string): { sequence: number; hash: string } | null {
    const row = this.#database
      .prepare('SELECT sequence, hash FROM audit_head WHERE account = ?')
      .get(account);
    return row === undefined ? null : { sequence: Number(row.sequence), hash: String(row.hash) };
  }
}

function columnsOf({ action, actor, resource }: AuditContent): Value[] {
  return [Date.parse(action.time), actor.token_id, actor.token_name, action.type, resource.type, resource.id];
}

/** What is wrong with an entry; null when it is as it was written. */
function faultOf(row: Row, sequence: number, previousHash: string, account: string): string | null {
  if (Number(row.sequence) !== sequence) return `entry ${sequence} is missing before it`;
  const text = String(row.document);
  if (sha256(text) !== row.hash) return 'its content does not have its hash';
  const entry = JSON.parse(text) as Omit<AuditEntry, 'hash'>;
  if (entry.previous_hash !== previousHash) return 'it does not follow the entry before it';
  if (entry.sequence !== sequence || entry.account.id !== account) return 'it was moved from another place';
  const { at, actor_id, actor_name, action, resource_type, resource_id } = row;
  const shown = [at, actor_id, actor_name, action, resource_type, resource_id];
  const isSame = columnsOf(entry).every((value, index) => value === shown[index]);
  return isSame ? null : 'it would be found under other words than its own';
}

function idOf(row: Row): string | null {
  try {
    const { id } = JSON.parse(String(row.document)) as { id?: unknown };
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
