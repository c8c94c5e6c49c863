import {
  type EligibilityOptions,
  type Eligible,
  findEligible,
} from '../../src/cache/semantic/eligibility.ts';
import type { PartitionParts } from '../../src/cache/semantic/partition.ts';

/** Nothing but its text keeps a chat of the OpenAI form from being eligible. */
const CHATS: EligibilityOptions = {
  dialect: 'openai',
  kind: 'chat',
  model: null,
  maxTemperature: 2,
  ttlSeconds: 86_400,
};

/** The request of that body. Throws when it is not eligible. */
export function eligible(body: object | Buffer): Eligible {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const found = findEligible(bytes, CHATS);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** A chat of one question, after a system prompt. */
export const chatOf = (content: unknown, fields: object = {}, system = 'Be brief.'): Eligible =>
  eligible({
    model: 'm',
    ...fields,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content },
    ],
  });

/** Parts of some request, all but who asks and what. */
export const SOME_PARTS: Omit<PartitionParts, 'scope' | 'request'> = {
  account: 'local',
  gateway: 'g',
  gatewayCreatedAt: 1,
  epoch: 0,
  model: 'm',
  provider: 'openai ',
  base: 'https://api.openai.com',
  upstream: 'https://api.openai.com/v1/chat/completions',
  endpoint: 'chat/completions',
  method: 'POST',
  stream: false,
  behaviourHeaders: ['accept: */*'],
  embedder: 'local/1/384',
  customKey: null,
};
