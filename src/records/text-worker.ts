import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.ts';
import type { ConversationBackend } from '../core/conversation.ts';
import type { BodyBackend } from '../core/stores/bodies.ts';
import type { TextBackend } from '../core/stores/log-texts.ts';
import type { Asked, Report, TextCommand, WorkerSettings } from './messages.ts';
import { Signal } from './signal.ts';
import { TextLoop } from './text-loop.ts';

const LOWEST_PRIORITY = 19;
const RETRY_MS = 5000;

const port = parentPort!;
const settings = workerData as WorkerSettings;
const clock = systemClock();
const report = (message: Report): void => port.postMessage(message);

// On Linux, and only there, the calling thread alone is meant by 0.
if (process.platform === 'linux') setPriority(0, LOWEST_PRIORITY);

const logs = (await import(settings.logModule)) as TextBackend;
const bodyModule = (await import(settings.bodyModule)) as BodyBackend;
const backend = (await import(settings.conversationModule)) as ConversationBackend;
const index = logs.openTextIndex({
  logFolder: settings.logFolder,
  folder: settings.textFolder!,
  budgetBytes: settings.textBudgetBytes,
});
const loop = new TextLoop({
  index,
  bodies: bodyModule.openBodies({ folder: settings.bodyFolder }),
  backend,
  spoolFolder: settings.spoolFolder,
  signal: new Signal(settings.signal),
  tick: clock.tick,
  report,
});

let failing = false;
let timer = setTimeout(turn, 0);

function turn(): void {
  let dueMs = RETRY_MS;
  try {
    dueMs = loop.step();
    if (failing) report({ kind: 'recovered', component: 'log-texts' });
    failing = false;
  } catch (error) {
    const message = `prompts and answers cannot be made searchable: ${error instanceof Error ? error.message : String(error)}`;
    if (!failing) report({ kind: 'log', level: 'error', fields: {}, message });
    report({ kind: 'degraded', component: 'log-texts', message });
    failing = true;
  }
  timer = setTimeout(turn, dueMs);
}

port.on('message', ({ what }: Asked<TextCommand>) => {
  if (what.kind !== 'close') return;
  clearTimeout(timer);
  index.close();
  port.close();
});
