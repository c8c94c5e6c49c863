import type { Verdict } from '../../core/semantic.ts';
import type { EvidenceObserver, LookUp, SimilarHit } from '../../core/stores/semantic-evidence.ts';
import type { Family, Labels } from './exposition.ts';
import { LabelValues } from './label-values.ts';

const MOST_GATEWAYS = 200;

interface Counted {
  readonly labels: Labels;
  value: number;
}

/** How look-ups of the semantic cache ended, and what was found about its answers. Reasons are a closed list. */
export class SemanticMetrics implements EvidenceObserver {
  readonly #gateways = new LabelValues(MOST_GATEWAYS);
  readonly #lookUps = new Map<string, Counted>();
  readonly #verdicts = new Map<string, Counted>();

  lookedUp({ account, gateway, mode, reason }: LookUp): void {
    this.#add(this.#lookUps, {
      account,
      gateway: this.#gateways.of(gateway, true),
      mode,
      outcome: reason ?? 'hit',
    });
  }

  judged({ account, gateway, served }: SimilarHit, verdict: Verdict): void {
    this.#add(this.#verdicts, {
      account,
      gateway: this.#gateways.of(gateway, true),
      served: String(served),
      verdict,
    });
  }

  families(): Family[] {
    return [
      {
        name: 'tidegate_semantic_look_ups',
        kind: 'counter',
        help: 'Look-ups of the semantic cache by how they ended; in shadow a hit is one that would have been.',
        samples: [...this.#lookUps.values()],
      },
      {
        name: 'tidegate_semantic_verdicts',
        kind: 'counter',
        help: 'Answers of the semantic cache that were checked for the first time, by what was found.',
        samples: [...this.#verdicts.values()],
      },
    ];
  }

  #add(counts: Map<string, Counted>, labels: Labels): void {
    const key = Object.values(labels).join('\n');
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { labels, value: 1 });
    else known.value++;
  }
}
