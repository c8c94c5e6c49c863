import {
  ADMIN_TOKEN,
  gatewayBody,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../support/gateway.ts';
import { ask, type RawReply, until } from './fault-client.ts';

/** A gateway with the real local models, and what tests of the semantic cache do with it. */
export interface SemanticGateway {
  readonly test: TestGateway;
  /** Makes a gateway with a semantic cache; its id. */
  make(
    fields?: Readonly<Record<string, unknown>>,
    gateway?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  send(
    gateway: string,
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RawReply>;
  /** A chat request of OpenAI's form. */
  chat(
    gateway: string,
    question: string,
    fields?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RawReply>;
  entries(gateway: string): Promise<{ readonly text: string; readonly id: string; readonly hits: number }[]>;
  /** Waits until so many answers are kept. */
  kept(gateway: string, count: number): Promise<void>;
  /** Cache decisions of the record of a reply: outcome and rule. */
  decisions(reply: RawReply, gateway: string): Promise<string[]>;
  close(): Promise<void>;
}

export const WAIT_MS = 30_000;
const DEFAULTS = { mode: 'on', error_budget: 0.05, daily_check_budget: 0 };

export async function startSemantic(options: TestGatewayOptions = {}): Promise<SemanticGateway> {
  // A machine with much to do must not decide how a test ends.
  const env = { TIDEGATE_SEMANTIC_WAIT_MS: '20000', ...options.env };
  const test = await startTestGateway({ ...options, env });
  let made = 0;
  const send: SemanticGateway['send'] = (gateway, path, body, headers = {}) =>
    ask(`${test.base(gateway)}/${path}`, { body, headers });
  const semantic: SemanticGateway = {
    test,
    async make(fields = {}, gateway = {}) {
      const id = `similar-${++made}`;
      await test.manage(
        'POST',
        '/gateways',
        gatewayBody({ id, semantic_cache: { ...DEFAULTS, ...fields }, ...gateway }),
      );
      await warmUp(id);
      return id;
    },
    send,
    chat: (gateway, question, fields = {}, headers = {}) =>
      send(
        gateway,
        'openai/chat/completions',
        { model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }], ...fields },
        headers,
      ),
    async entries(gateway) {
      const response = await fetch(
        `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/${gateway}/cache/semantic/entries?per_page=50`,
        { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
      );
      const { result } = (await response.json()) as { result: { text: string; id: string; hits: number }[] };
      return result;
    },
    async kept(gateway, count) {
      await until(
        async () => (await semantic.entries(gateway)).length >= count,
        `fewer than ${count} answers were kept`,
        WAIT_MS,
      );
    },
    async decisions(reply, gateway) {
      const row = await test.record(reply.fields, gateway);
      return (row.decisions as { stage: string; outcome: string; rule: string | null }[])
        .filter(({ stage }) => stage === 'cache')
        .map(({ outcome, rule }) => (rule === null ? outcome : `${outcome}: ${rule}`));
    },
    close: () => test.close(),
  };

  /** The models are loaded by the first who needs them: no test is about that, but one. */
  async function warmUp(gateway: string): Promise<void> {
    const summary = (): Promise<unknown> => test.manage('GET', `/gateways/${gateway}/cache/semantic`);
    await until(
      async () => {
        const { state } = (await summary()) as { state: string };
        return state === 'working' || state === 'off' || state === 'paused';
      },
      'the models were not loaded',
      WAIT_MS,
    );
  }
  return semantic;
}

export const header = (reply: RawReply, name: string): string | undefined =>
  reply.headers[name] as string | undefined;

/** What a reply says of the semantic cache: `semantic`, or why not. */
export const outcomeOf = (reply: RawReply): string =>
  header(reply, 'tidegate-cache-kind') ?? header(reply, 'tidegate-cache-reason') ?? 'nothing';
