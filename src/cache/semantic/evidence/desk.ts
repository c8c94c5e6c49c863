import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import type { SemanticDesk, SemanticTier } from '../../../core/semantic-tier.ts';
import type { SemanticStore } from '../../../core/stores/semantic.ts';
import type { SemanticEvidenceStore } from '../../../core/stores/semantic-evidence.ts';
import type { ErrorWatch } from './watch-error.ts';

export interface DeskServices {
  readonly tier: SemanticTier;
  readonly evidence: SemanticEvidenceStore;
  readonly entries: Pick<SemanticStore, 'remove'>;
  readonly watch: ErrorWatch;
  readonly clock: Clock;
}

/** What people do with the evidence. */
export function semanticDesk({ tier, evidence, entries, watch, clock }: DeskServices): SemanticDesk {
  const removeAll = (account: string, gateway: string, id: string | null): Promise<number> =>
    entries.remove({ account, gateway, id, partition: null, storedBefore: null });
  return {
    tier,
    evidence,
    async judge(account, gateway, id, verdict, note) {
      const hit = evidence.findHit(account, gateway, id);
      if (hit === null) return null;
      evidence.judge(account, gateway, id, verdict, 'person', note);
      for (const pair of evidence.wrongPairs(account, gateway)) {
        if (pair.hitId === id) evidence.deleteWrongPair(account, gateway, pair.id);
      }
      if (verdict === 'wrong') {
        const at = clock.now();
        const { asked, stored } = hit;
        evidence.putWrongPair({ id: newId(at), account, gateway, asked, stored, at, hitId: id });
        await removeAll(account, gateway, hit.entryId);
      }
      return evidence.findHit(account, gateway, id);
    },
    pauseOf: ({ account, id, ...gateway }) =>
      watch.isPaused({ account, id, ...gateway }) ? evidence.pauseOf(account, id) : null,
    resume: (gateway) => watch.resume(gateway),
    forget(account, gateway) {
      evidence.forget(account, gateway);
      void removeAll(account, gateway, null).catch(() => {});
    },
  };
}
