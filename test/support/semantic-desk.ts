import { HitChecker } from '../../src/cache/semantic/evidence/checker.ts';
import { semanticDesk } from '../../src/cache/semantic/evidence/desk.ts';
import type { Clock } from '../../src/core/clock.ts';
import { Health } from '../../src/core/health.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { SemanticDesk, SemanticTier } from '../../src/core/semantic-tier.ts';
import type { SemanticEntryListing, SemanticStore } from '../../src/core/stores/semantic.ts';
import { SqliteEvidenceStore } from '../../src/stores/sqlite/evidence.ts';

export interface TestDesk {
  readonly desk: SemanticDesk;
  readonly evidence: SqliteEvidenceStore;
  /** What is in the cache. */
  readonly entries: SemanticEntryListing[];
  close(): Promise<void>;
}

/**
 * Evidence and verdicts as they are, over a cache of a few entries in memory and a ladder that holds two questions for
 * the same when they begin with the same word.
 */
export function openTestDesk(path: string, clock: Clock, logger: Logger): TestDesk {
  const health = new Health();
  const entries: SemanticEntryListing[] = [];
  const ours = (account: string, gateway: string): SemanticEntryListing[] =>
    entries.filter((entry) => entry.account === account && entry.gateway === gateway);
  const store: Pick<SemanticStore, 'find' | 'list' | 'remove' | 'stats'> = {
    find: async (account, gateway, id) => ours(account, gateway).find((entry) => entry.id === id) ?? null,
    async list({ account, gateway, partition, search, limit, offset }) {
      const rows = ours(account, gateway).filter(
        (entry) =>
          (partition === null || entry.partition === partition) &&
          (search === null || entry.text.toLowerCase().includes(search.toLowerCase())),
      );
      return { rows: rows.slice(offset, offset + limit), totalCount: rows.length };
    },
    async remove({ account, gateway, id, partition, storedBefore }) {
      const gone = ours(account, gateway).filter(
        (entry) =>
          (id === null || entry.id === id) &&
          (partition === null || entry.partition === partition) &&
          (storedBefore === null || entry.storedAt < storedBefore),
      );
      for (const entry of gone) entries.splice(entries.indexOf(entry), 1);
      return gone.length;
    },
    stats: async (account, gateway) => ({
      entries: ours(account, gateway).length,
      bytes: ours(account, gateway).reduce((sum, { bytes }) => sum + bytes, 0),
      partitions: new Set(ours(account, gateway).map(({ partition }) => partition)).size,
      isLoading: false,
    }),
  };
  const evidence = new SqliteEvidenceStore({ path, clock, onTrouble: () => {} });
  const checker = new HitChecker({
    evidence,
    entries: store,
    clock,
    health,
    logger,
    callGateway: () => Promise.reject(new Error('there is no pipeline behind this server')),
    forms: { requestTo: () => null, verdictIn: () => null },
    embedderOf: () => null,
    readAnswer: ({ body }) => body.toString(),
    random: () => 1,
  });
  const first = (text: string): string | undefined => text.split(' ')[0];
  const tier: SemanticTier = {
    state: (gateway) => ({
      state: gateway.semanticCache === null ? 'off' : 'working',
      problem: null,
      embedder: gateway.semanticCache?.embedder ?? null,
      needed: gateway.semanticCache === null ? null : 0.97,
    }),
    async compare(gateway, { asked, stored, withoutWrongPairs }) {
      if (asked.includes('unreachable')) throw new Error('the embedder cannot be asked');
      const isKnown = !withoutWrongPairs && checker.isKnownWrong(gateway.account, gateway.id, asked, stored);
      const wouldHit = !isKnown && first(asked) === first(stored);
      return {
        wouldHit,
        reason: isKnown ? 'known-wrong' : wouldHit ? null : 'gate-words',
        detail: wouldHit ? null : 'words',
        similarity: 0.9,
        verifier: wouldHit ? 0.9 : null,
        probability: wouldHit ? 0.98 : null,
        needed: 0.97,
      };
    },
    entries: store,
  };
  return {
    desk: semanticDesk({ tier, evidence, entries: store, watch: checker.watch, clock }),
    evidence,
    entries,
    async close() {
      await checker.close();
      evidence.close();
    },
  };
}
