import { parentPort, workerData } from 'node:worker_threads';
import { type Database, isDamage } from './database.ts';
import type {
  BatchLine,
  FileInput,
  FileMessage,
  FileReport,
  FileToSearch,
  SearchToFile,
} from './semantic-messages.ts';
import { type GoneRows, type SemanticRow, SemanticRows } from './semantic-rows.ts';
import { openSemanticDatabase } from './semantic-schema.ts';

/** Writes `semantic.db`. Apart from the thread that searches, which must not wait for a disk. */

// A removal goes on in steps, so that batches and other removals get in between.
const REMOVED_AT_ONCE = 500;
// Of giving pages back, at the end: whoever stops the gateway does not wait long for it.
const LAST_STEPS = 64;

const { path, port } = workerData as FileInput;
const main = parentPort!;
const say = (report: FileReport): void => main.postMessage(report);
const tell = (word: FileToSearch): void => port.postMessage(word);

const fail = (error: unknown, id: number | null = null, upTo: number | null = null): void =>
  say({
    kind: 'failed',
    id,
    upTo,
    message: error instanceof Error ? error.message : String(error),
    isDamage: isDamage(error),
  });

try {
  const database = openSemanticDatabase(path);
  const rows = new SemanticRows(database);
  main.on('message', (message: FileMessage) => hear(message, rows, database));
  port.on('message', ({ numbers }: SearchToFile) => {
    try {
      rows.forget(numbers);
      rows.giveBack(false);
      tell({ kind: 'used', bytes: rows.usedBytes });
    } catch (error) {
      fail(error);
    }
  });
  tell({ kind: 'used', bytes: rows.usedBytes });
  say({ kind: 'opened', lastNumber: rows.lastNumber });
} catch (error) {
  // Without a listener on the ports the thread ends here.
  fail(error);
}

function hear(message: FileMessage, rows: SemanticRows, database: Database): void {
  switch (message.kind) {
    case 'put':
      put(message, rows);
      return;
    case 'hits':
      attempt(null, () => rows.addHits(message.hits));
      return;
    case 'remove':
      remove(message, rows, 0);
      return;
    case 'sync':
      say({ kind: 'synced', id: message.id });
      return;
    case 'close':
      attempt(null, () => {
        for (let step = 0; step < LAST_STEPS && rows.giveBack(false); step++);
        database.close();
      });
      port.close();
      main.close();
  }
}

function attempt(id: number | null, work: () => void): void {
  try {
    work();
  } catch (error) {
    fail(error, id);
  }
}

function put({ first, lines, bytes }: FileMessage & { kind: 'put' }, rows: SemanticRows): void {
  let at = 0;
  const take = (length: number): Uint8Array => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const batch = lines.split('\n').map((text, index): SemanticRow => {
    const line = JSON.parse(text) as BatchLine;
    return { number: first + index, line, vector: take(line.vectorBytes), body: take(line.bodyBytes) };
  });
  const upTo = first + batch.length - 1;
  try {
    const replaced = rows.put(batch);
    tell({ kind: 'written', upTo });
    tellGone(replaced);
    say({ kind: 'written', upTo });
  } catch (error) {
    tell({ kind: 'lost', upTo });
    fail(error, null, upTo);
  }
}

function remove(message: FileMessage & { kind: 'remove' }, rows: SemanticRows, before: number): void {
  attempt(message.id, () => {
    const gone = rows.remove(message.selection, message.upTo, REMOVED_AT_ONCE);
    const count = before + gone.numbers.length;
    tellGone(gone);
    if (gone.numbers.length === REMOVED_AT_ONCE) setImmediate(() => remove(message, rows, count));
    else {
      tell({ kind: 'removed', id: message.id, count });
      giveBack(rows);
    }
  });
}

function giveBack(rows: SemanticRows): void {
  attempt(null, () => {
    if (rows.giveBack(true)) setImmediate(() => giveBack(rows));
  });
}

function tellGone({ numbers, keys }: GoneRows): void {
  if (numbers.length > 0) tell({ kind: 'gone', numbers, keys });
}
