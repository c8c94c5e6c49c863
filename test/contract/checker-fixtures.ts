import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HitChecker } from '../../src/cache/semantic/evidence/checker.ts';
import type { CheckedRequest } from '../../src/cache/semantic/evidence/checks.ts';
import { newGateway } from '../../src/config/gateway-defaults.ts';
import { SEMANTIC_DEFAULTS } from '../../src/config/semantic-schema.ts';
import { Health } from '../../src/core/health.ts';
import { newId } from '../../src/core/ids.ts';
import type { InsideCall, InsideReply } from '../../src/core/inside-call.ts';
import type { Embedder, SemanticSettings } from '../../src/core/semantic.ts';
import type { Gateway } from '../../src/core/stores/config.ts';
import type { SemanticAnswer } from '../../src/core/stores/semantic.ts';
import type { SimilarHit } from '../../src/core/stores/semantic-evidence.ts';
import { SqliteEvidenceStore } from '../../src/stores/sqlite/evidence.ts';

export const DAY_MS = 86_400_000;
export const NOON = 20_000 * DAY_MS + DAY_MS / 2;

/** A checker over real evidence, a provider that answers as it is told, and a judge that answers JSON. */
export class TestChecker {
  readonly evidence: SqliteEvidenceStore;
  readonly checker: HitChecker;
  readonly health = new Health();
  readonly calls: InsideCall[] = [];
  /** Ids of the entries that were removed. */
  readonly removed: (string | null)[] = [];
  readonly lines: string[] = [];
  now = NOON;
  /** What the provider answers; a number is a status. */
  answerTo: (call: InsideCall) => string | number = () => 'Paris';
  costNanos: number | null = 1_000;
  /** Of every reply. */
  headers: string[] = [];
  random: () => number = () => 0.99;
  embedder: Embedder | null = null;
  /** While set, nothing is answered. */
  held: Promise<void> | null = null;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tidegate-checker-'));

  constructor() {
    const clock = { now: () => this.now, tick: () => performance.now() };
    const line = (fields: object, message: string) =>
      void this.lines.push(JSON.stringify({ ...fields, message }));
    this.evidence = new SqliteEvidenceStore({
      path: join(this.#folder, 'semantic-evidence.db'),
      clock,
      onTrouble: (message) => void this.lines.push(message),
    });
    this.checker = new HitChecker({
      evidence: this.evidence,
      entries: { remove: async ({ id }) => this.removed.push(id) },
      clock,
      health: this.health,
      logger: { debug: line, info: line, warn: line, error: line },
      callGateway: (call) => this.#answer(call),
      forms: {
        requestTo: (judge, _, material) => ({
          rest: judge,
          headers: [],
          body: Buffer.from(JSON.stringify(material)),
        }),
        verdictIn: (_, body) => JSON.parse(body),
      },
      embedderOf: () => this.embedder,
      readAnswer: ({ body }) => body.toString(),
      random: () => this.random(),
    });
  }

  async #answer(call: InsideCall): Promise<InsideReply> {
    this.calls.push(call);
    const givenUp = new Promise<never>((_, reject) => {
      call.signal!.addEventListener('abort', () => reject(call.signal!.reason), { once: true });
    });
    givenUp.catch(() => {});
    if (this.held !== null) await Promise.race([this.held, givenUp]);
    const answer = this.answerTo(call);
    return {
      status: typeof answer === 'number' ? answer : 200,
      headers: this.headers,
      body: new Blob([String(answer)]).stream(),
      costNanos: () => this.costNanos,
    };
  }

  hit(change: Partial<SimilarHit> = {}): SimilarHit {
    return {
      id: newId(this.now),
      account: 'a',
      gateway: 'g',
      at: this.now,
      served: true,
      entryId: 'entry-1',
      partition: 'p',
      asked: 'What is the capital of France?',
      stored: 'Capital of France?',
      similarity: 0.95,
      probability: 0.99,
      storedRecordId: newId(this.now),
      model: 'm',
      ageMs: 1,
      savedNanos: 2_000,
      savedMs: 3,
      ...change,
    };
  }

  verdictOf(id: string) {
    return this.evidence.findHit('a', 'g', id)?.verdict ?? null;
  }

  summary() {
    return this.evidence.summarise('a', 'g', NOON, NOON + 1);
  }

  /** Serves and waits for the verdict. */
  async served(gateway: Gateway, given: string, change: Partial<SimilarHit> = {}): Promise<SimilarHit> {
    const hit = this.hit(change);
    this.checker.served(hit, requestTo(gateway), answer(given));
    await until(() => this.verdictOf(hit.id) !== null);
    return hit;
  }

  async close(): Promise<void> {
    await this.checker.close();
    this.evidence.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const gatewayWith = (change: Partial<SemanticSettings> = {}): Gateway => ({
  ...newGateway('a', 'g', NOON - 1_000),
  semanticCache: { ...SEMANTIC_DEFAULTS, mode: 'verify', sampleRate: 0, ...change },
});

export const requestTo = (gateway: Gateway): CheckedRequest => ({
  gateway,
  token: null,
  method: 'POST',
  rest: 'openai/chat/completions',
  path: 'chat/completions',
  headers: [
    'Authorization',
    'Bearer sk-client',
    'cf-aig-authorization',
    'Bearer t',
    'Tidegate-Semantic-Cache',
    'on',
    'cf-aig-cache-ttl',
    '600',
    'x-mine',
    '1',
  ],
  body: Buffer.from('{"model":"m"}'),
});

export const answer = (text: string): SemanticAnswer => ({ headers: [], body: Buffer.from(text) });

export async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!done()) {
    if (performance.now() > end) throw new Error('it never comes to that');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** For what must not come. */
export const rest = () => new Promise((resolve) => setTimeout(resolve, 30));
