import { parentPort } from 'node:worker_threads';
import { checkText, type TextCheck } from './check-text.ts';

const port = parentPort!;
port.on('message', ({ check, text }: { check: TextCheck; text: string }) => {
  try {
    port.postMessage({ verdict: checkText(check, text) });
  } catch (error) {
    port.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  }
});
port.postMessage('ready');
