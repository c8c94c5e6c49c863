import type { HeaderList } from '../../core/headers.ts';
import type { SemanticEntry } from '../../core/stores/semantic.ts';
import type { VectorFacts } from '../../core/stores/vector-index.ts';
import {
  DamagedDatabaseError,
  type Database,
  type List,
  type ListStatement,
  openDatabase,
} from './database.ts';
import { keyNumber } from './semantic-rows.ts';
import type { SemanticHead } from './semantic-schema.ts';

/** A row as it is found by its id. */
export interface FoundRow {
  readonly number: number;
  readonly key: bigint;
  readonly size: number;
  readonly hits: number;
  readonly entry: SemanticEntry;
}

const ENTRY = 'id, gateway, partition, stored_at, expires_at, head, text';

/** The read side of `semantic.db`; sees what is committed, and waits for no writer. */
export class SemanticReader {
  readonly #database: Database;
  readonly #vector: ListStatement;
  readonly #entry: ListStatement;
  readonly #byId: ListStatement;
  readonly #answer: ListStatement;
  readonly #page: ListStatement;

  constructor(path: string) {
    this.#database = openDatabase(path, { readOnly: true });
    this.#vector = this.#database.prepareLists('SELECT vector FROM vectors WHERE number = ?');
    this.#entry = this.#database.prepareLists(
      `SELECT ${ENTRY} FROM entries WHERE number = ? AND partition = ?`,
    );
    this.#byId = this.#database.prepareLists(
      `SELECT ${ENTRY}, number, key, size,
         coalesce((SELECT hits FROM hits WHERE hits.number = entries.number), 0)
       FROM entries WHERE id = ?`,
    );
    this.#answer = this.#database.prepareLists('SELECT headers, body FROM answers WHERE number = ?');
    this.#page = this.#database.prepareLists(
      `SELECT entries.number, key, partition, gateway, stored_at, expires_at, size, worth,
         coalesce(hits, 0), vector
       FROM entries
       JOIN vectors ON vectors.number = entries.number
       LEFT JOIN hits ON hits.number = entries.number
       WHERE entries.number < ? ORDER BY entries.number DESC LIMIT ?`,
    );
  }

  vector(number: number): Float32Array | null {
    const row = this.#vector.all(number)[0];
    return row === undefined ? null : floatsOf(row[0] as Uint8Array);
  }

  /** Null when it is gone, or is of another partition. */
  entry(number: number, partition: string): SemanticEntry | null {
    const row = this.#entry.all(number, partition)[0];
    return row === undefined ? null : entryOf(row);
  }

  byId(id: string): FoundRow | null {
    const row = this.#byId.all(id)[0];
    if (row === undefined) return null;
    const key = keyNumber(row[8] as Uint8Array);
    return { entry: entryOf(row), number: Number(row[7]), key, size: Number(row[9]), hits: Number(row[10]) };
  }

  answer(number: number): { readonly headers: HeaderList; readonly body: Uint8Array<ArrayBuffer> } | null {
    const row = this.#answer.all(number)[0];
    if (row === undefined) return null;
    return { headers: parsed(row[0]) as HeaderList, body: row[1] as Uint8Array<ArrayBuffer> };
  }

  /** Entries with a number below `before`, newest first. */
  page(before: number, most: number): { readonly facts: VectorFacts; readonly vector: Float32Array }[] {
    return this.#page.all(before, most).map((row) => ({
      facts: {
        number: Number(row[0]),
        key: keyNumber(row[1] as Uint8Array),
        partition: String(row[2]),
        gateway: String(row[3]),
        storedAt: Number(row[4]),
        expiresAt: Number(row[5]),
        bytes: Number(row[6]),
        worth: Number(row[7]),
        hits: Number(row[8]),
      },
      vector: floatsOf(row[9] as Uint8Array),
    }));
  }

  close(): void {
    this.#database.close();
  }
}

/** Of a row that begins with the columns of ENTRY. */
export function entryOf(row: List): SemanticEntry {
  const [id, name, partition, storedAt, expiresAt, head, text] = row;
  const [account = '', gateway = ''] = String(name).split('/');
  return {
    id: String(id),
    account,
    gateway,
    partition: String(partition),
    text: String(text),
    storedAt: Number(storedAt),
    expiresAt: Number(expiresAt),
    ...(parsed(head) as SemanticHead),
  };
}

/** Rows come in memory of their own, from its start. */
function floatsOf(bytes: Uint8Array): Float32Array {
  if (bytes.byteLength % 4 !== 0) throw damaged('a vector is cut off');
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function parsed(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    // Its content stays out of messages.
    throw damaged('a row cannot be read');
  }
}

const damaged = (what: string): Error => new DamagedDatabaseError('semantic.db', new Error(what));
