import { workerData } from 'node:worker_threads';
import { openDatabase } from './database.ts';

/** Takes the journal over into the file, beside the thread that writes; ends when it is done. */
const database = openDatabase(String(workerData));
try {
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
} finally {
  database.close();
}
