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

const PASSES = 6;
const ROUNDS = 50;
const TURNS = 50_000;

/** The most of some passes: the first ones are compiled for these rings alone, as the code of a gateway never is. */
export function measureOff(): OffCost {
  const passes = Array.from({ length: PASSES }, measurePass);
  return {
    stageNanos: Math.max(...passes.map(({ stageNanos }) => stageNanos)),
    headerNanos: Math.max(...passes.map(({ headerNanos }) => headerNanos)),
  };
}

/** Both rings by turns, the least of many rounds: so what else the machine does is in neither. */
function measurePass(): OffCost {
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
  const works = {
    without: () => void without(step),
    withIt: () => void withIt(step),
    look: () => {
      if (findHeader(kept, 'tidegate-semantic-cache') !== null) found++;
    },
    nothing: () => {},
  };
  const names = ['without', 'withIt', 'look', 'nothing'] as const;
  const least = { without: 0, withIt: 0, look: 0, nothing: 0 };
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) {
      const nanos = nanosOf(works[name]);
      least[name] = round === 0 ? nanos : Math.min(least[name], nanos);
    }
  if (calls !== 2 * ROUNDS * TURNS || found > 0) throw new Error('the rings were not run');
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
