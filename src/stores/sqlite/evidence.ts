import type { JudgedBy, Verdict } from '../../core/semantic.ts';
import type {
  EvidenceObserver,
  EvidenceSummary,
  JudgedHit,
  LookUp,
  Pause,
  SemanticEvidenceStore,
  SimilarHit,
  SimilarHitQuery,
  WrongPair,
} from '../../core/stores/semantic-evidence.ts';
import { EvidenceAccess, type EvidenceAccessOptions, messageOf } from './evidence-access.ts';
import { EvidenceCheckpoints } from './evidence-checkpoints.ts';
import { dayOf, PendingCounts } from './evidence-counts.ts';
import type { GatewayRow } from './evidence-file.ts';
import {
  type CountLine,
  countsOfHit,
  countsOfLookUp,
  countsOfNearMiss,
  countsOfVerdict,
  summaryOf,
} from './evidence-summary.ts';
import { cosinesOf, countOf, deletePair, pairsOf, putCosine, putPair, sumCounts } from './evidence-tables.ts';
import { EvidenceWriter } from './evidence-writer.ts';

export interface EvidenceOptions extends EvidenceAccessOptions {
  /** Hits kept of each gateway and verdict; 20,000 where it is not said. */
  readonly keptHits?: number;
  readonly flushMs?: number;
  readonly observer?: EvidenceObserver | null;
}

const MOST_PENDING_HITS = 2_000;
const CHECK_NANOS = 'check/nanos';

/**
 * Opened when it is first needed. Look-ups and hits are gathered in memory and written a few at a time; what people and
 * judges say is written at once. A file that cannot be used pauses every gateway: nothing is served unwatched.
 */
export class SqliteEvidenceStore implements SemanticEvidenceStore {
  readonly #counts = new PendingCounts();
  readonly #hits = new Map<string, JudgedHit>();
  readonly #pairs = new Map<string, readonly WrongPair[]>();
  readonly #writer: EvidenceWriter;
  readonly #checkpoints: EvidenceCheckpoints;
  readonly #access: EvidenceAccess;
  readonly #observer: EvidenceObserver | null;

  constructor(options: EvidenceOptions) {
    this.#observer = options.observer ?? null;
    this.#access = new EvidenceAccess(options, () => this.#pairs.clear());
    this.#checkpoints = new EvidenceCheckpoints(options.path);
    this.#writer = new EvidenceWriter({
      clock: options.clock,
      counts: this.#counts,
      hits: this.#hits,
      keptHits: options.keptHits ?? 20_000,
      flushMs: options.flushMs ?? 2_000,
      use: (work) => this.#access.use(true, false, work),
      wrote: (rows) => this.#checkpoints.wrote(rows),
      failed: (error) =>
        options.onTrouble(
          `what is learnt about the semantic cache cannot be written now: ${messageOf(error)}`,
        ),
    });
  }

  noteLookUp(lookUp: LookUp): void {
    this.#observer?.lookedUp(lookUp);
    this.#count(lookUp.account, lookUp.gateway, lookUp.at, countsOfLookUp(lookUp));
  }

  putHit(hit: SimilarHit): void {
    this.#count(hit.account, hit.gateway, hit.at, countsOfHit(hit));
    this.#hits.set(hit.id, { ...hit, verdict: null, judgedBy: null, note: null });
    // More than the disk takes: the oldest are counted, and not kept.
    if (this.#hits.size > MOST_PENDING_HITS) this.#hits.delete(this.#hits.keys().next().value!);
    this.#writer.soon();
  }

  findHit(account: string, gateway: string, id: string): JudgedHit | null {
    const pending = this.#hits.get(id);
    if (pending !== undefined) {
      return pending.account === account && pending.gateway === gateway ? pending : null;
    }
    return this.#access.ofGateway(account, gateway, null, (file, { number }) => file.hits.find(number, id));
  }

  listHits(query: SimilarHitQuery): { readonly rows: readonly JudgedHit[]; readonly totalCount: number } {
    this.#writer.writeHits();
    const none = { rows: [], totalCount: 0 };
    return this.#access.ofGateway(query.account, query.gateway, none, (file, { number }) =>
      file.hits.list(number, query),
    );
  }

  judge(
    account: string,
    gateway: string,
    id: string,
    verdict: Verdict,
    by: JudgedBy,
    note: string | null,
  ): boolean {
    const hit = this.findHit(account, gateway, id);
    if (hit === null) return false;
    if (hit.judgedBy === 'person' && by !== 'person') return true;
    if (hit.verdict === null) this.#observer?.judged(hit, verdict);
    const judged = { ...hit, verdict, judgedBy: by, note };
    if (this.#hits.has(id)) {
      this.#hits.set(id, judged);
      if (by === 'person') this.#writer.writeHits();
    } else {
      this.#access.ofGateway(account, gateway, null, (file, { number }) =>
        file.hits.judge(number, id, verdict, by, note),
      );
    }
    this.#count(account, gateway, hit.at, [
      ...countsOfVerdict(hit, hit.verdict, -1),
      ...countsOfVerdict(hit, verdict, 1),
    ]);
    return true;
  }

  verdictsOf(entryId: string): { readonly right: number; readonly wrong: number } {
    const kept = this.#access.use(false, { right: 0, wrong: 0 }, (file) => file.hits.verdictsOf(entryId));
    for (const { entryId: entry, verdict } of this.#hits.values()) {
      if (entry === entryId && (verdict === 'right' || verdict === 'wrong')) kept[verdict]++;
    }
    return kept;
  }

  noteNearMiss(account: string, gateway: string, at: number, probability: number, verdict: Verdict): void {
    this.#count(account, gateway, at, countsOfNearMiss(probability, verdict));
  }

  servedSince(account: string, gateway: string, from: number, most: number): number {
    const kept = this.#access.ofGateway(account, gateway, 0, (file, { number }) =>
      file.hits.servedSince(number, from, most),
    );
    const pending = this.#pendingServed(account, gateway, from).length;
    return Math.min(most, kept + pending);
  }

  judgedSince(
    account: string,
    gateway: string,
    from: number,
    most: number,
  ): { readonly right: number; readonly wrong: number } {
    const times = (verdict: 'right' | 'wrong') =>
      this.#access.ofGateway(account, gateway, [], (file, { number }) =>
        file.hits.timesOf(number, verdict, from, most),
      );
    const found = [
      ...times('right').map((at) => ({ at, verdict: 'right' })),
      ...times('wrong').map((at) => ({ at, verdict: 'wrong' })),
      ...this.#pendingServed(account, gateway, from),
    ].filter(({ verdict }) => verdict === 'right' || verdict === 'wrong');
    const newest = found.sort((a, b) => b.at - a.at).slice(0, most);
    const wrong = newest.filter(({ verdict }) => verdict === 'wrong').length;
    return { right: newest.length - wrong, wrong };
  }

  noteNoise(account: string, gateway: string, at: number, differs: boolean): void {
    this.#count(account, gateway, at, [[differs ? 'noise/differs' : 'noise/same', 1]]);
  }

  noteNoiseCosine(account: string, gateway: string, model: string | null, cosine: number): void {
    this.#access.use(true, undefined, (file) =>
      putCosine(file, file.getGateway(account, gateway).number, model ?? '', cosine),
    );
  }

  noiseCosines(account: string, gateway: string, model: string | null): readonly number[] {
    return this.#access.ofGateway(account, gateway, [], (file, { number }) =>
      cosinesOf(file, number, model ?? ''),
    );
  }

  noteCheckCost(account: string, gateway: string, at: number, nanos: number): void {
    this.#count(account, gateway, at, [[CHECK_NANOS, Math.round(nanos)]]);
  }

  checkNanosOf(account: string, gateway: string, day: number): number {
    let nanos = this.#access.ofGateway(account, gateway, 0, (file, { number }) =>
      countOf(file, number, day, CHECK_NANOS),
    );
    for (const { kind, n } of this.#counts.of(account, gateway, day, day)) {
      if (kind === CHECK_NANOS) nanos += n;
    }
    return nanos;
  }

  putWrongPair(pair: WrongPair): void {
    this.#pairs.delete(keyOf(pair.account, pair.gateway));
    this.#access.use(true, undefined, (file) =>
      putPair(file, file.getGateway(pair.account, pair.gateway).number, pair),
    );
  }

  deleteWrongPair(account: string, gateway: string, id: string): boolean {
    this.#pairs.delete(keyOf(account, gateway));
    return this.#access.ofGateway(account, gateway, false, (file, { number }) =>
      deletePair(file, number, id),
    );
  }

  /** Newest first. The same list until it changes. */
  wrongPairs(account: string, gateway: string): readonly WrongPair[] {
    const key = keyOf(account, gateway);
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const pairs = this.#access.ofGateway(account, gateway, [], (file, { number }) => pairsOf(file, number));
    if (this.#access.broken === null) this.#pairs.set(key, pairs);
    return pairs;
  }

  summarise(account: string, gateway: string, from: number, to: number): EvidenceSummary {
    const [first, last] = [dayOf(from), dayOf(Math.max(from, to - 1))];
    const sums = new Map(
      this.#access.ofGateway<CountLine[]>(account, gateway, [], (file, { number }) =>
        sumCounts(file, number, first, last),
      ),
    );
    for (const { kind, n } of this.#counts.of(account, gateway, first, last)) {
      sums.set(kind, (sums.get(kind) ?? 0) + n);
    }
    return summaryOf(sums);
  }

  pauseOf(account: string, gateway: string): Pause | null {
    const pause = this.#access.ofGateway(account, gateway, null, (_, row) => row.pause);
    return this.#access.broken ?? pause;
  }

  setPause(account: string, gateway: string, pause: Pause | null): void {
    this.#changeGateway(account, gateway, { pause });
  }

  countsFrom(account: string, gateway: string): number {
    return this.#access.ofGateway(account, gateway, 0, (_, row) => row.countsFrom);
  }

  setCountsFrom(account: string, gateway: string, at: number): void {
    this.#changeGateway(account, gateway, { countsFrom: at });
  }

  forget(account: string, gateway: string): void {
    this.#counts.forget(account, gateway);
    this.#pairs.delete(keyOf(account, gateway));
    for (const hit of this.#hits.values()) {
      if (hit.account === account && hit.gateway === gateway) this.#hits.delete(hit.id);
    }
    if (this.#access.use(false, false, (file) => file.forget(account, gateway))) this.#writer.soon();
  }

  close(): void {
    this.#writer.close();
    this.#checkpoints.close();
    this.#access.close();
  }

  #count(account: string, gateway: string, at: number, lines: readonly CountLine[]): void {
    const day = dayOf(at);
    for (const [kind, n] of lines) this.#counts.add(account, gateway, day, kind, n);
    this.#writer.soon();
  }

  #pendingServed(account: string, gateway: string, from: number): JudgedHit[] {
    return [...this.#hits.values()].filter(
      (hit) => hit.served && hit.at >= from && hit.account === account && hit.gateway === gateway,
    );
  }

  #changeGateway(account: string, gateway: string, change: Partial<GatewayRow>): void {
    this.#access.use(true, undefined, (file) => {
      const row = file.getGateway(account, gateway);
      Object.assign(row, change);
      file.putGateway(row);
    });
  }
}

const keyOf = (account: string, gateway: string): string => `${account}\u0000${gateway}`;
