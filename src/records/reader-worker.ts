import { parentPort, workerData } from 'node:worker_threads';
import type { ConversationBackend } from '../core/conversation.ts';
import type { BodyBackend } from '../core/stores/bodies.ts';
import type { LogBackend } from '../core/stores/log-writer.ts';
import { readBody } from './body-reader.ts';
import { answerConversation } from './conversation-answer.ts';
import type { Asked, BodyAnswer, Question, Report, WorkerSettings } from './messages.ts';

const port = parentPort!;
const settings = workerData as WorkerSettings;
const logs = (await import(settings.logModule)) as LogBackend;
const bodyModule = (await import(settings.bodyModule)) as BodyBackend;
const reader = logs.openLogReader({ folder: settings.logFolder, textFolder: settings.textFolder });
const bodies = bodyModule.openBodies({ folder: settings.bodyFolder });

port.on('message', async ({ number, what }: Asked<Question>) => {
  let report: Report;
  try {
    report = { kind: 'answer', number, value: await answer(what) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    report = { kind: 'failure', number, name, message };
  }
  port.postMessage(report);
});

function answer(what: Question): unknown {
  switch (what.kind) {
    case 'list':
      return reader.list(what.query);
    case 'aggregate':
      return reader.aggregate(what.query);
    case 'sessions':
      return reader.sessions(what.query);
    case 'session':
      return reader.findSession(what.account, what.gateway, what.id);
    case 'newest':
      return reader.newest();
    case 'tail':
      return reader.tail(what.query);
    case 'find':
      return reader.find(what.account, what.gateway, what.id);
    case 'body':
      return findBody(what);
    case 'conversation':
      return findConversation(what);
  }
}

/** Loaded when it is first asked for: most gateways start and stop without anybody reading a conversation. */
async function findConversation(what: Extract<Question, { kind: 'conversation' }>): Promise<unknown> {
  const backend = (await import(settings.conversationModule)) as ConversationBackend;
  return answerConversation(what, { reader, bodies, spoolFolder: settings.spoolFolder, backend });
}

function findBody({ account, gateway, id, side }: Extract<Question, { kind: 'body' }>): BodyAnswer | null {
  const found = reader.findBodies(account, gateway, id);
  if (found === null) return null;
  const { place } = found;
  const length = side === 'request' ? place.requestLength : place.responseLength;
  if (length === null) return null;
  const at = side === 'request' ? place.at : place.at + (place.requestLength ?? 0);
  const bytes = readBody(bodies, settings.spoolFolder, place.segment, { at, length });
  if (bytes === null) return null;
  return {
    place,
    bytes,
    contentType: side === 'request' ? found.requestContentType : found.responseContentType,
  };
}
