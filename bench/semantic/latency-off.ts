import type { Step } from '../../src/core/exchange.ts';
import { findHeader, type HeaderList } from '../../src/core/headers.ts';
import type { Reply } from '../../src/core/reply.ts';
import { compose, type Handler, type Stage } from '../../src/core/stage.ts';
import { answerFromSimilar, type SimilarServices } from '../../src/pipeline/stages/answer-from-similar.ts';

/** Time that a request to a gateway without a semantic cache spends on it. */
export interface OffCost {
  /** In the stage: what the step ring takes longer with it than without it. */
  readonly stageNanos: number;
  /** To look whether the caller names a mode. */
  readonly headerNanos: number;
}

const WARM_UP = 50;
const ROUNDS = 100;
const TURNS = 50_000;

/** Both rings by turns, so that what else the machine does meets both. The least of many rounds: nothing is subtracted. */
export async function measureOff(): Promise<OffCost> {
  const reply = Promise.resolve({} as Reply);
  let calls = 0;
  const core: Handler<Step> = () => {
    calls++;
    return reply;
  };
  // As the others of the ring are when they have nothing to do.
  const idle: Stage<Step> = (step, next) => next(step);
  const similar = answerFromSimilar(NO_SERVICES);
  const without = compose<Step>([idle, idle, idle, idle], core);
  const withIt = compose<Step>([idle, idle, similar, idle, idle], core);
  const step = {
    controls: { semantic: 'off' },
    exchange: { method: 'POST' },
    body: { kind: 'held' },
  } as unknown as Step;
  // What `readControls` has kept of the fields of a usual request.
  const kept: HeaderList = ['cf-aig-authorization', 'Bearer something', 'cf-aig-metadata', '{"user":"one"}'];
  let found = 0;
  const look = (): void => {
    if (findHeader(kept, 'tidegate-semantic-cache') !== null) found++;
  };
  const works = {
    without: () => void without(step),
    withIt: () => void withIt(step),
    look,
    nothing: () => {},
  };
  const names = ['without', 'withIt', 'look', 'nothing'] as const;
  const least = { without: 0, withIt: 0, look: 0, nothing: 0 };
  for (let round = -WARM_UP; round < ROUNDS; round++)
    for (const name of names) {
      const nanos = nanosOf(works[name]);
      least[name] = round <= 0 ? nanos : Math.min(least[name], nanos);
    }
  await reply;
  if (calls !== 2 * (WARM_UP + ROUNDS) * TURNS || found > 0) throw new Error('the rings were not run');
  return { stageNanos: least.withIt - least.without, headerNanos: least.look - least.nothing };
}

function nanosOf(work: () => void): number {
  const start = performance.now();
  for (let turn = 0; turn < TURNS; turn++) work();
  return (1e6 * (performance.now() - start)) / TURNS;
}

/** Whatever it asked of these would be an error: it has nothing to do. */
const NO_SERVICES = new Proxy({} as SimilarServices<object>, {
  get(_, name) {
    throw new Error(`the stage asked for ${String(name)}`);
  },
});
