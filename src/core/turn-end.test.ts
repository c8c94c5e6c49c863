import { expect, it } from 'vitest';
import { atTurnEnd } from './turn-end.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('runs what was put off in order, at the end of the turn and not before', async () => {
  const ran: number[] = [];
  for (const n of [1, 2, 3]) atTurnEnd(() => void ran.push(n));
  await Promise.resolve();
  expect(ran).toEqual([]);
  await turn();
  expect(ran).toEqual([1, 2, 3]);
});
