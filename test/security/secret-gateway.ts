import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScriptedProvider, startScriptedProvider } from '../../src/demo/provider/server.ts';
import { startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';

// Each its own, so that a find tells the way that it took. No scanner's pattern; long enough to be no chance.
export const SECRETS = {
  admin: 'canary-admin-token-Zq81hVtYpL',
  clientHeader: 'canary-client-header-Rk27uWmXnB',
  clientApiKey: 'canary-x-api-key-Tg90cJdFsA',
  queryKey: 'canary-query-key-Vb53oHeQiK',
  storedKey: 'canary-stored-key-Nw46yPzGlC',
  rotatedKey: 'canary-rotated-key-Mj72xUaEvD',
  wrongToken: 'canary-wrong-token-Xs38rIkOtF',
  runInPlace: '',
  stepKey: 'canary-step-key-Ph64bLqWgN',
  customHeader: 'canary-custom-header-Yd19mSfRjU',
  cookie: 'canary-cookie-Ec85nVxTzH',
  userInUrl: 'canary-user-in-url-Lf07pGkAwM',
};

export const BODY = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}';
export const AUTH = { 'cf-aig-authorization': `Bearer ${SECRETS.admin}` };
export const JSON_AND_COOKIE = { 'content-type': 'application/json', cookie: `session=${SECRETS.cookie}` };

/** A gateway as a process of its own, that is spoken to with secrets. */
export class SecretGateway {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidegate-secrets-'));
  /** Everything that the gateway said to anybody. */
  readonly seen: string[] = [];
  /** What its processes have printed. */
  readonly printed = { out: '', problem: '' };
  provider!: ScriptedProvider;
  baseUrl = '';
  #process!: TidegateProcess;
  #dead = 0;

  async open(): Promise<void> {
    this.provider = await startScriptedProvider();
    // A port where nobody listens.
    this.#dead = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
    });
    await this.start();
  }

  async start(): Promise<void> {
    const { url } = this.provider;
    this.#process = startTidegate(this.folder, ['start', '--port', '0'], {
      TIDEGATE_ADMIN_TOKEN: SECRETS.admin,
      TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
      TIDEGATE_LOG_LEVEL: 'debug',
      TIDEGATE_CONNECT_TIMEOUT_MS: '1000',
      TIDEGATE_UPSTREAM_IDLE_MS: '1000',
      TIDEGATE_PROVIDER_OPENAI_URL: `${url}/openai`,
      TIDEGATE_PROVIDER_ANTHROPIC_URL: `${url}/anthropic`,
      TIDEGATE_PROVIDER_GOOGLE_AI_STUDIO_URL: `${url}/google-ai-studio`,
      TIDEGATE_PROVIDER_GOOGLE_VERTEX_AI_URL: `${url}/google-vertex-ai`,
      TIDEGATE_PROVIDER_AWS_BEDROCK_URL: `${url}/aws-bedrock`,
      TIDEGATE_PROVIDER_GROQ_URL: `http://127.0.0.1:${this.#dead}`,
      TIDEGATE_PROVIDER_MISTRAL_URL: 'http://10.255.255.1:9',
    });
    const banner = await this.#process.printed('Ctrl-C stops');
    this.baseUrl = /Base URL +(http:\S+)\/v1\//.exec(banner)![1]!;
  }

  async stop(): Promise<void> {
    this.#process.child.kill('SIGTERM');
    const { out, problem } = await this.#process.ended;
    this.printed.out += out;
    this.printed.problem += problem;
  }

  async close(): Promise<void> {
    this.#process.child.kill('SIGKILL');
    await this.#process.ended;
    await this.provider.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async say(url: string, init: RequestInit = {}): Promise<string> {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(8000), redirect: 'manual', ...init });
      const text = await response.text();
      this.seen.push(
        `${url.replace(/[?].*/, '')} ${response.status} ${JSON.stringify([...response.headers])} ${text}`,
      );
      return text;
    } catch (error) {
      // A break is part of some of these cases.
      this.seen.push(String(error));
      return '';
    }
  }

  api(method: string, path: string, body?: unknown): Promise<string> {
    return this.say(`${this.baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
      method,
      headers: { authorization: `Bearer ${SECRETS.admin}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  chat(
    name: string,
    headers: Record<string, string>,
    body = BODY,
    gatewayId = 'g',
    path = 'chat/completions',
  ): Promise<string> {
    return this.say(`${this.baseUrl}/v1/local/${gatewayId}/${name}/${path}`, {
      method: 'POST',
      headers: { ...JSON_AND_COOKIE, ...headers },
      body,
    });
  }
}
