import { parentPort, workerData } from 'node:worker_threads';
import { type Database, openDatabase } from './database.ts';
import type { ListInput } from './page-lister.ts';

/** Answers with one list, read beside the threads that write and search. The thread ends with it. */
export function answerList<Q, Page>(readPage: (from: Database, input: ListInput<Q>) => Page): void {
  const input = workerData as ListInput<Q>;
  const database = openDatabase(input.path, { readOnly: true });
  try {
    parentPort!.postMessage(readPage(database, input));
  } finally {
    database.close();
  }
}
