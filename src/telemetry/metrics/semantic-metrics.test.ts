import { expect, it } from 'vitest';
import type { LookUp, SimilarHit } from '../../core/stores/semantic-evidence.ts';
import { printFamilies } from './exposition.ts';
import { SemanticMetrics } from './semantic-metrics.ts';

it('counts look-ups by how they ended and verdicts by what they were, without a word of a question', () => {
  const metrics = new SemanticMetrics();
  const lookUp: LookUp = { account: 'a', gateway: 'g', at: 1, mode: 'on', reason: null, probability: 1 };
  metrics.lookedUp(lookUp);
  metrics.lookedUp(lookUp);
  metrics.lookedUp({ ...lookUp, reason: 'gate-numbers' });
  const hit = { account: 'a', gateway: 'g', served: true, asked: 'canary', stored: 'canary' } as SimilarHit;
  metrics.judged(hit, 'wrong');
  const text = printFamilies(metrics.families(), 'prometheus');
  expect(text).toContain(
    'tidegate_semantic_look_ups_total{account="a",gateway="g",mode="on",outcome="hit"} 2',
  );
  expect(text).toContain('outcome="gate-numbers"} 1');
  expect(text).toContain(
    'tidegate_semantic_verdicts_total{account="a",gateway="g",served="true",verdict="wrong"} 1',
  );
  expect(text).not.toContain('canary');
});

it('holds no more gateways apart than there is room for', () => {
  const metrics = new SemanticMetrics();
  for (let i = 0; i < 500; i++) {
    metrics.lookedUp({ account: 'a', gateway: `g${i}`, at: 1, mode: 'on', reason: null, probability: 1 });
  }
  const samples = metrics.families()[0]!.samples;
  expect(samples).toHaveLength(201);
  expect(samples.at(-1)).toMatchObject({ labels: { gateway: 'other' }, value: 300 });
});
