import type { Sample } from './measure.ts';
import type { Scenario } from './options.ts';
import type { TargetName } from './targets/target.ts';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted[sorted.length - 1]! };
}

type Figure = Exclude<keyof Sample, 'errorSamples' | 'drained'>;

/** All samples of a run, by scenario, target and round. */
export class Results {
  readonly #samples = new Map<string, (Sample | null)[]>();

  add(scenario: Scenario, target: TargetName, round: number, sample: Sample): void {
    const key = `${scenario}/${target}`;
    const rounds = this.#samples.get(key) ?? [];
    rounds[round] = sample;
    this.#samples.set(key, rounds);
  }

  get(scenario: Scenario, target: TargetName): readonly Sample[] {
    return (this.#samples.get(`${scenario}/${target}`) ?? []).filter((sample) => sample !== null);
  }

  figure(scenario: Scenario, target: TargetName, figure: Figure): Spread | null {
    return spread(
      this.get(scenario, target).flatMap((sample) => {
        const value = sample[figure];
        return value === undefined ? [] : [value];
      }),
    );
  }

  /**
   * Combines a figure of two targets round by round: what disturbs the machine for a while disturbs both sides of a
   * pair, and drops out of the quotient or the difference.
   */
  paired(
    figure: Figure,
    left: readonly [Scenario, TargetName],
    right: readonly [Scenario, TargetName],
    combine: (left: number, right: number) => number,
  ): Spread | null {
    const rights = this.#samples.get(right.join('/')) ?? [];
    return spread(
      (this.#samples.get(left.join('/')) ?? []).flatMap((sample, round) => {
        const one = sample?.[figure];
        const two = rights[round]?.[figure];
        return one === undefined || two === undefined ? [] : [combine(one, two)];
      }),
    );
  }

  toJSON(): Record<string, (Sample | null)[]> {
    return Object.fromEntries(this.#samples);
  }
}
