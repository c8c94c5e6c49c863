import type { EvaluationObject } from '../../src/api/contract/evaluations.ts';
import type { TestGateway } from '../support/gateway.ts';

export type { EvaluationObject };

/** Waits until an evaluation is over. */
export async function ended(
  test: Pick<TestGateway, 'manage'>,
  gateway: string,
  id: string,
): Promise<EvaluationObject> {
  const end = performance.now() + 60_000;
  for (;;) {
    const shown = (await test.manage('GET', `/gateways/${gateway}/evaluations/${id}`)) as EvaluationObject;
    if (shown.processed) return shown;
    if (performance.now() > end) throw new Error(`still not over: ${JSON.stringify(shown)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function resultOf(evaluation: EvaluationObject, type: string): EvaluationObject['results'][number] {
  const found = evaluation.results.find((each) => each.evaluation_type_id === type);
  if (found === undefined) throw new Error(`no result of ${type}: ${JSON.stringify(evaluation)}`);
  return found;
}
