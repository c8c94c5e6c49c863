import { parentPort, workerData } from 'node:worker_threads';
import { Models } from './models.ts';
import type { Answer, FromWorker, ToWorker, WorkerStart } from './protocol.ts';

const port = parentPort!;
const say = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

async function answerOf(models: Models, { task }: ToWorker): Promise<Answer> {
  try {
    return await models.answer(task);
  } catch (error) {
    // Messages of the runtime are about tensors, and never hold a text.
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    return { kind: 'refused', isTooLong: false, message };
  }
}

const buffersOf = (answer: Answer): ArrayBuffer[] =>
  answer.kind === 'vectors'
    ? [answer.vectors.buffer]
    : answer.kind === 'logits'
      ? [answer.logits.buffer]
      : [];

try {
  const models = await Models.load(workerData as WorkerStart);
  // One after the other, in the order in which they came.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    last = last.then(async () => {
      const answer = await answerOf(models, message);
      say({ kind: 'answer', id: message.id, answer }, buffersOf(answer));
    });
  });
  say(models.loaded);
} catch (error) {
  say({ kind: 'unusable', problem: error instanceof Error ? error.message : String(error) });
}
