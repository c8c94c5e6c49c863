import { parentPort, workerData } from 'node:worker_threads';
import type { VectorIndexModule } from '../../core/stores/vector-index.ts';
import type { FileToSearch, SearchInput, SearchMessage } from './semantic-messages.ts';
import { SemanticSearcher } from './semantic-searcher.ts';

/** Searches. The index comes from another room, so it is named from outside. */

const { path, indexModule, indexBytes, budgetBytes, port } = workerData as SearchInput;
const main = parentPort!;
const { createVectorIndex } = (await import(indexModule)) as VectorIndexModule;

const searcher = new SemanticSearcher({
  path,
  budgetBytes,
  index: createVectorIndex(indexBytes),
  say: (report, transfer) => main.postMessage(report, transfer),
  tell: (word) => port.postMessage(word, [word.numbers.buffer]),
});

main.on('message', (message: SearchMessage) => {
  searcher.hear(message);
  if (message.kind !== 'close') return;
  port.close();
  main.close();
});
port.on('message', (word: FileToSearch) => searcher.hearFile(word));
