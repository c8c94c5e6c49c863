import { expect, test } from 'vitest';
import { aRecord } from '../../../test/contract/logs-fixtures.ts';
import type { Family } from './exposition.ts';
import { TrafficMetrics } from './traffic-metrics.ts';

const samplesOf = (metrics: TrafficMetrics, name: string): Family['samples'] =>
  metrics.families().find((family) => family.name === name)!.samples;

const total = (metrics: TrafficMetrics, name: string): number =>
  samplesOf(metrics, name).reduce((sum, sample) => sum + ('value' in sample ? sample.value : 0), 0);

test('names that were merely sent get no time series of their own', () => {
  const metrics = new TrafficMetrics();
  for (let n = 0; n < 5_000; n++) {
    const invented = { provider: `made-up-${n}`, model: `made-up-${n}`, statusCode: 404, success: false };
    metrics.count(aRecord({ ...invented, attempts: [] }));
    metrics.count(aRecord({ ...invented, provider: 'openai' }));
  }
  metrics.count(aRecord({ provider: 'openai', model: 'gpt-4o' }));
  expect(
    samplesOf(metrics, 'tidegate_requests').map(({ labels }) => [labels.provider, labels.model]),
  ).toEqual([
    ['other', 'other'],
    ['openai', 'other'],
    ['openai', 'gpt-4o'],
  ]);
  expect(total(metrics, 'tidegate_requests')).toBe(10_001);
});

test('however many names are real, the series are bounded and no request is lost', () => {
  const metrics = new TrafficMetrics();
  let sent = 0;
  for (let gateway = 0; gateway < 250; gateway++) {
    for (let model = 0; model < 40; model++) {
      const cacheStatus = model % 2 === 0 ? 'MISS' : null;
      metrics.count(aRecord({ gateway: `g${gateway}`, model: `m${model}`, cacheStatus }));
      sent++;
    }
  }
  expect(samplesOf(metrics, 'tidegate_requests').length).toBeLessThanOrEqual(4_020);
  expect(samplesOf(metrics, 'tidegate_request_duration_seconds').length).toBeLessThanOrEqual(1_001);
  expect(total(metrics, 'tidegate_requests')).toBe(sent);
  const durations = samplesOf(metrics, 'tidegate_request_duration_seconds');
  const counted = durations.flatMap((sample) => ('counts' in sample ? Array.from(sample.counts) : []));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(sent);
});

test('records that differ in one label only are told apart, whichever came before', () => {
  const different: Parameters<typeof aRecord>[0][] = [
    {},
    { account: 'another' },
    { gateway: 'another' },
    { provider: 'another' },
    { model: 'another' },
    { model: null },
    { statusCode: 404 },
    { cacheStatus: 'HIT' },
    { cacheStatus: null },
  ];
  const same = { account: 'a', gateway: 'g', provider: 'openai', model: 'm', cacheStatus: 'MISS' } as const;
  const metrics = new TrafficMetrics();
  const counts = different.map(() => 0);
  const count = (index: number): void => {
    metrics.count(aRecord({ ...same, ...different[index] }));
    counts[index]!++;
  };
  // Each after each, the later ones more often: records of two that change places must not cancel out.
  for (const one of different.keys()) {
    for (const other of different.keys()) {
      count(one);
      for (let times = 0; times <= other; times++) count(other);
    }
  }
  const requests = samplesOf(metrics, 'tidegate_requests');
  expect(requests.map((sample) => 'value' in sample && sample.value)).toEqual(counts);
  expect(new Set(requests.map(({ labels }) => JSON.stringify(labels))).size).toBe(different.length);
});

test('what is unknown adds nothing', () => {
  const metrics = new TrafficMetrics();
  metrics.count(aRecord({ usage: null, costNanos: null, firstByteMs: null, overheadMs: null }));
  expect(total(metrics, 'tidegate_tokens')).toBe(0);
  expect(total(metrics, 'tidegate_unpriced_requests')).toBe(0);
  const [firstByte] = samplesOf(metrics, 'tidegate_time_to_first_byte_seconds');
  expect(firstByte).toMatchObject({ sum: 0 });
});
