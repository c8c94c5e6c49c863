import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene, Visitor } from './demo-visitor.ts';
import { isObject, listAt, textAt } from './provider/loose-json.ts';

const SYSTEM = `You are a coding and travel agent. Use the tools when they help, one step at a time, and say what you did. ${'Keep changes small. Read before you write. Never guess the weather: ask the tool. '.repeat(8)}`;

const TOOLS = [
  {
    name: 'get_weather',
    description: 'The weather in a city, today',
    input_schema: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
  },
  {
    name: 'read_file',
    description: 'The text of a file in the workspace',
    input_schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    cache_control: { type: 'ephemeral' },
  },
];

const CITIES = ['Paris', 'Berlin', 'London', 'Tokyo', 'Lisbon', 'Oslo', 'Madrid', 'Rome', 'Vienna', 'Prague'];

/** An agent's session: a question, a tool call, its result, and a follow-up, each with the whole conversation so far. */
export const AGENT_SCENE: Scene = {
  name: 'agent session',
  weight: 6,
  async play(visitor) {
    const city = visitor.dice.pick(CITIES);
    const session = visitor.dice.uuid();
    const model = visitor.dice.pick(['claude-sonnet-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5']);
    const messages: object[] = [
      { role: 'user', content: `What is the weather in ${city}? Case ${session.slice(0, 4)}.` },
    ];
    let turns = 0;
    let readTokens = 0;
    const ask = async (): Promise<readonly unknown[] | null> => {
      const answer = await takeTurn(visitor, { session, model, messages });
      if (!answer) return null;
      turns++;
      readTokens += answer.readTokens;
      messages.push({ role: 'assistant', content: answer.content });
      return answer.content;
    };
    const first = await ask();
    const calls = (first ?? []).filter((block) => textAt(block, 'type') === 'tool_use');
    if (calls.length > 0) {
      await sleep(150, undefined, { signal: visitor.signal });
      const content = calls.map((call) => ({
        type: 'tool_result',
        tool_use_id: textAt(call, 'id'),
        content: `${visitor.dice.below(30)} degrees, wind from the west`,
      }));
      messages.push({ role: 'user', content });
      await ask();
    }
    if (turns === 2) {
      messages.push({ role: 'user', content: 'Thanks. What should I pack?' });
      await ask();
    }
    if (turns > 0) {
      visitor.tell(
        `agent session ${session.slice(0, 8)}: ${turns} turns, ${readTokens} tokens from the prompt cache`,
      );
    }
  },
};

interface Turn {
  readonly content: readonly unknown[];
  readonly readTokens: number;
}

interface TurnRequest {
  readonly session: string;
  readonly model: string;
  readonly messages: readonly object[];
}

async function takeTurn(visitor: Visitor, turn: TurnRequest): Promise<Turn | null> {
  const body = {
    model: turn.model,
    max_tokens: 1024,
    system: [{ type: 'text', text: SYSTEM, cache_control: { type: 'ephemeral' } }],
    tools: TOOLS,
    messages: turn.messages,
    stream: true,
  };
  const headers = {
    'anthropic-version': '2023-06-01',
    'x-app': 'cli',
    'x-claude-code-session-id': turn.session,
  };
  const userAgent = 'claude-cli/2.1.197 (external, cli)';
  const reply = await visitor.send('anthropic/v1/messages?beta=true', body, {
    headers,
    userAgent,
    feature: 'agent',
  });
  if (reply.status !== 200 || reply.ending !== 'whole') return null;
  return readEvents(reply.text);
}

/** Puts a streamed message together again, as an SDK does. */
function readEvents(text: string): Turn | null {
  const blocks: Record<string, unknown>[] = [];
  const inputs: string[] = [];
  let readTokens = 0;
  let isWhole = false;
  for (const line of text.split('\n')) {
    if (!line.startsWith('data: ')) continue;
    const event: unknown = JSON.parse(line.slice(6));
    if (!isObject(event)) continue;
    const index = Number(event.index ?? 0);
    const delta = isObject(event.delta) ? event.delta : {};
    if (event.type === 'content_block_start' && isObject(event.content_block)) {
      blocks[index] = { ...event.content_block };
      inputs[index] = '';
    } else if (event.type === 'content_block_delta' && blocks[index]) {
      if (typeof delta.text === 'string') blocks[index].text = `${String(blocks[index].text)}${delta.text}`;
      if (typeof delta.partial_json === 'string') inputs[index] += delta.partial_json;
    } else if (event.type === 'message_delta' && isObject(event.usage)) {
      readTokens = Number(event.usage.cache_read_input_tokens ?? 0);
    } else if (event.type === 'message_stop') {
      isWhole = true;
    }
  }
  if (!isWhole) return null;
  const content = blocks.map((block, index) =>
    block.type === 'tool_use' ? { ...block, input: JSON.parse(inputs[index] || '{}') as unknown } : block,
  );
  return listAt({ content }, 'content').length > 0 ? { content, readTokens } : null;
}
