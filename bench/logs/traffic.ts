import type { LogRecord } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';
import { Random } from './random.ts';

export const ACCOUNT = 'local';
/** With their shares of the traffic. */
export const GATEWAYS = [
  ['production', 0.62],
  ['agents', 0.2],
  ['staging', 0.1],
  ['batch', 0.05],
  ['playground', 0.02],
  ['legacy', 0.01],
] as const;

const MODELS: readonly (readonly [
  provider: string,
  model: string,
  inputNanos: number,
  outputNanos: number,
])[] = [
  ['openai', 'gpt-4o-mini', 150, 600],
  ['anthropic', 'claude-sonnet-4-5', 3000, 15_000],
  ['openai', 'gpt-4o', 2500, 10_000],
  ['google-ai-studio', 'gemini-2.5-flash', 300, 2500],
  ['openai', 'gpt-5', 1250, 10_000],
  ['anthropic', 'claude-haiku-4-5', 1000, 5000],
  ['openai', 'text-embedding-3-small', 20, 0],
  ['google-ai-studio', 'gemini-2.5-pro', 1250, 10_000],
  ['groq', 'llama-3.3-70b-versatile', 590, 790],
  ['anthropic', 'claude-opus-4-1', 15_000, 75_000],
  ['openai', 'gpt-5-mini', 250, 2000],
  ['mistral', 'mistral-large-latest', 2000, 6000],
  ['deepseek', 'deepseek-chat', 270, 1100],
  ['openai', 'o4-mini', 1100, 4400],
  ['aws-bedrock', 'anthropic.claude-sonnet-4', 3000, 15_000],
  ['openai', 'text-embedding-3-large', 130, 0],
  ['openai', 'gpt-5-nano', 50, 400],
  ['groq', 'llama-3.1-8b-instant', 50, 80],
  ['mistral', 'mistral-small-latest', 100, 300],
  ['cohere', 'command-r-plus', 2500, 10_000],
  ['openrouter', 'qwen/qwen3-coder', 220, 950],
  ['deepseek', 'deepseek-reasoner', 550, 2190],
  ['perplexity-ai', 'sonar-pro', 3000, 15_000],
  ['grok', 'grok-4', 3000, 15_000],
  ['azure-openai', 'gpt-4o', 2500, 10_000],
  ['workers-ai', '@cf/meta/llama-3.1-8b-instruct', 45, 384],
  ['cerebras', 'llama-3.3-70b', 850, 1200],
  ['mistral', 'codestral-latest', 300, 900],
  ['openrouter', 'moonshotai/kimi-k2', 550, 2200],
  ['fireworks', 'accounts/fireworks/models/glm-4p5', 550, 2190],
];

/** Why there was no similar answer, most frequent first. */
const REASONS = [
  'no-neighbour',
  'tools',
  'gate-numbers',
  'score',
  'too-long',
  'gate-names',
  'language',
] as const;

const USER_AGENTS = [
  'OpenAI/Python 1.109.1',
  'OpenAI/JS 6.49.0',
  'Anthropic/Python 0.71.0',
  'claude-cli/2.0.14 (external, cli)',
  'python-httpx/0.28.1',
  'node',
  'opencode/0.15.2',
  'codex_cli_rs/0.46.0',
  'OpenClaw/2026.3',
  'Go-http-client/2.0',
  'axios/1.12.2',
  'curl/8.14.1',
  'GeminiCLI/0.9.0',
  'langchain-js/0.3.36',
];
const TEAMS = [
  'search',
  'support',
  'billing',
  'growth',
  'data',
  'docs',
  'mobile',
  'web',
  'risk',
  'legal',
  'hr',
  'ops',
];
const FEATURES = ['chat', 'summary', 'classify', 'extract', 'translate', 'rerank', 'agent', 'autocomplete'];
const ERRORS: readonly (readonly [status: number, type: string, message: string])[] = [
  [500, 'server_error', 'The server had an error while processing your request'],
  [529, 'overloaded_error', 'Overloaded'],
  [400, 'invalid_request_error', 'This model\u2019s maximum context length was exceeded'],
  [401, 'authentication_error', 'Incorrect API key provided'],
  [503, 'upstream-unreachable', 'the provider could not be reached'],
  [504, 'upstream-timeout', 'the provider did not answer in time'],
];
const USERS = 5000;
const OPEN_SESSIONS = 400;
const DAY_MS = 86_400_000;

/** Requests as a company of some size makes them: the same ones for the same seed. Ids are in the order of time. */
export class Traffic {
  readonly #random: Random;
  readonly #startMs: number;
  readonly #spanMs: number;
  readonly #sessions: string[] = [];
  readonly #tokens: readonly string[];

  constructor(seed: number, startMs: number, spanMs: number) {
    this.#random = new Random(seed);
    this.#startMs = startMs;
    this.#spanMs = spanMs;
    this.#tokens = Array.from({ length: 40 }, () => this.#uuid(startMs));
  }

  /** The record at a share (0 to 1) of the span. */
  at(share: number): LogRecord {
    return this.on(this.#startMs + Math.floor(busyHours(share, this.#spanMs / DAY_MS) * this.#spanMs));
  }

  on(createdAt: number): LogRecord {
    const random = this.#random;
    const id = this.#uuid(createdAt);
    const gateway = this.#gateway();
    const [provider, model, inputNanos, outputNanos] = MODELS[random.rank(MODELS.length)]!;
    const isEmbedding = model.includes('embedding');
    const kind = random.next();
    const limited = kind < 0.01;
    const error = !limited && kind < 0.04 ? random.pick(ERRORS) : null;
    const cached = !limited && error === null && kind > 0.88;
    const good = !limited && error === null;
    const streamed = !isEmbedding && random.chance(0.6);
    const inputTokens = Math.ceil(random.long(900));
    const outputTokens = isEmbedding ? 0 : Math.ceil(random.long(220));
    const usage = good
      ? {
          ...emptyUsage(),
          inputTokens,
          outputTokens,
          cacheReadTokens: random.chance(0.3) ? Math.floor(inputTokens * 0.7) : null,
          reasoningTokens: model.startsWith('o4') ? Math.floor(outputTokens / 2) : null,
        }
      : null;
    const costNanos = good ? inputTokens * inputNanos + outputTokens * outputNanos : null;
    const durationMs = round(
      limited ? random.long(0.8) : cached ? random.long(3) : random.long(isEmbedding ? 120 : 1900),
    );
    const firstByteMs = limited ? null : round(durationMs * (streamed ? 0.3 : 0.95));
    const user = `u-${random.rank(USERS)}`;
    const hasMetadata = random.chance(0.85);
    const session = gateway === 'agents' || random.chance(0.15) ? this.#session() : null;
    return {
      id,
      account: ACCOUNT,
      gateway,
      createdAt,
      eventId: id,
      method: 'POST',
      provider,
      model: limited ? null : model,
      modelRequested: model,
      modelType: isEmbedding ? 'embeddings' : provider === 'anthropic' ? 'messages' : 'chat',
      path: isEmbedding ? 'embeddings' : provider === 'anthropic' ? 'v1/messages' : 'chat/completions',
      requestType: 'native',
      requestContentType: 'application/json',
      responseContentType: streamed && good ? 'text/event-stream' : 'application/json',
      statusCode: limited ? 429 : (error?.[0] ?? 200),
      success: good,
      cached,
      cacheStatus: cached ? 'HIT' : 'MISS',
      cacheKind: cached ? 'exact' : null,
      cacheReason: good && !cached && !isEmbedding ? REASONS[random.rank(REASONS.length)]! : null,
      rateLimited: limited,
      streamed,
      durationMs,
      firstByteMs,
      overheadMs: round(random.long(0.4)),
      tokensPerSecond: streamed && good && !cached ? round(random.long(60)) : null,
      usage,
      costNanos: cached ? 0 : costNanos,
      customCost: false,
      savedNanos: cached ? costNanos : null,
      savedMs: cached ? Math.round(random.long(900)) : null,
      metadata: hasMetadata
        ? {
            user,
            team: random.pick(TEAMS),
            env: gateway === 'staging' ? 'staging' : 'production',
            ...(random.chance(0.3) && { feature: random.pick(FEATURES) }),
            ...(random.chance(0.1) && { trace: random.hex(16) }),
          }
        : null,
      step: 0,
      attempts: [
        {
          step: 0,
          attempt: 1,
          provider,
          model,
          startedMs: 0.4,
          firstByteMs,
          durationMs,
          status: error?.[0] ?? 200,
          error: error?.[1] ?? null,
          message: error?.[2] ?? null,
          waitedMs: null,
        },
      ],
      decisions: [{ stage: 'auth', outcome: 'allowed', rule: 'token', detail: null }],
      userAgent: USER_AGENTS[random.rank(USER_AGENTS.length)]!,
      sessionId: session,
      requestSize: inputTokens * 4,
      responseSize: outputTokens * 5,
      finishReason: good ? 'stop' : null,
      errorType: limited ? 'rate-limited' : (error?.[1] ?? null),
      errorMessage: limited
        ? 'the limit of 100 requests per 60 s is reached'
        : error === null
          ? null
          : `${error[2]} (request ${random.hex(12)})`,
      outcome: good ? 'complete' : random.chance(0.1) ? 'left' : 'failed',
      authentication: true,
      byok: random.chance(0.2),
      tokenId: this.#tokens[random.rank(this.#tokens.length)]!,
      userId: hasMetadata ? user : null,
      resend: null,
    };
  }

  #gateway(): string {
    let share = this.#random.next();
    for (const [name, part] of GATEWAYS) {
      share -= part;
      if (share < 0) return name;
    }
    return GATEWAYS[0][0];
  }

  /** About fifteen requests each. */
  #session(): string {
    const random = this.#random;
    const index = random.below(OPEN_SESSIONS);
    if (this.#sessions[index] === undefined || random.chance(1 / 15)) this.#sessions[index] = this.#uuid(0);
    return this.#sessions[index]!;
  }

  #uuid(timeMs: number): string {
    const time = (timeMs === 0 ? this.#random.below(0x1000000) * 0x1000000 : timeMs)
      .toString(16)
      .padStart(12, '0');
    const rest = this.#random.hex(18);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(6)}`;
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** More by day than by night: a share of all requests as a share of the time. Steadily growing. */
function busyHours(share: number, days: number): number {
  const turns = share * days * 2 * Math.PI;
  return Math.min(1, Math.max(0, share + (0.6 * Math.sin(turns)) / (days * 2 * Math.PI)));
}
