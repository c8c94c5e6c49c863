import type {
  Conversation,
  ConversationBackend,
  ConversationBody,
  ConversationInput,
} from '../../core/conversation.ts';
import { boundConversation } from './bound.ts';
import { firstNewMessage } from './fingerprint.ts';
import { readAnswer } from './read-answer.ts';
import { type RequestFound, readRequest } from './read-request.ts';

export { readText } from './read-text.ts';

const NOTHING: RequestFound = { reading: null, path: '', whole: true, problem: null };

/** Loaded by its URL on the thread that reads the logs. */
export const readConversation: ConversationBackend['readConversation'] = (input) => {
  try {
    return boundConversation(read(input));
  } catch (error) {
    return { ...EMPTY, problem: `The bodies could not be read: ${messageOf(error)}` };
  }
};

const EMPTY: Conversation = {
  dialect: null,
  model: null,
  system: [],
  messages: [],
  omittedMessages: 0,
  answer: null,
  tools: [],
  parameters: {},
  newFrom: null,
  requestTruncated: false,
  responseTruncated: false,
  problem: null,
};

function read(input: ConversationInput): Conversation {
  if (input.request === null && input.response === null)
    return { ...EMPTY, problem: 'No bodies were kept of this request.' };
  const request = input.request === null ? NOTHING : readRequest(input.request, input);
  const found = input.response === null ? null : readAnswer(input.response);
  const { reading } = request;
  return {
    ...EMPTY,
    ...reading,
    model: found?.model ?? reading?.model ?? null,
    answer: found?.answer ?? null,
    newFrom: reading === null ? null : firstNewMessage(reading.messages, earlierMessages(input)),
    requestTruncated: !request.whole,
    responseTruncated: found !== null && !found.whole,
    problem: request.problem ?? found?.problem ?? null,
  };
}

function earlierMessages(input: ConversationInput): Conversation['messages'][] {
  return input.earlier.flatMap((body: ConversationBody) => {
    const { reading } = readRequest(body, input);
    return reading === null || reading.omittedMessages > 0 ? [] : [reading.messages];
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
