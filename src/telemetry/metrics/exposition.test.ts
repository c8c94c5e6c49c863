import { expect, test } from 'vitest';
import { parseMetrics } from '../../../test/support/metrics-parser.ts';
import { type Family, formatFor, printFamilies } from './exposition.ts';

const FORMATS = ['prometheus', 'openmetrics'] as const;

test.each(FORMATS)('hostile label values come back as they were: %s', (format) => {
  const values = ['', 'a"} 1\nevil{x="', '\\', '\\n', '\n', '{}', '# EOF', 'é \u0000 \ud800', ',b="c"'];
  const samples = values.map((model, index) => ({ labels: { model, index: String(index) }, value: index }));
  const family: Family = {
    name: 'requests',
    kind: 'counter',
    help: 'Back\\slash,\nline and "quotes".',
    samples,
  };
  const parsed = parseMetrics(printFamilies([family], format), format);
  const found = [...parsed.values()].flatMap((one) => one.samples.map(({ labels }) => labels.model));
  expect(found).toEqual(values.map((value) => value.toWellFormed()));
});

test.each(FORMATS)('a histogram is added up from its buckets: %s', (format) => {
  const sample = { labels: { gateway: 'g' }, bounds: [0.5, 1, 2.5], counts: [2, 0, 3, 1], sum: 12.5 };
  const family: Family = { name: 'wait_seconds', kind: 'histogram', help: 'Waiting.', samples: [sample] };
  expect(printFamilies([family], format).split('\n').slice(2, 8)).toEqual([
    'wait_seconds_bucket{gateway="g",le="0.5"} 2',
    'wait_seconds_bucket{gateway="g",le="1.0"} 2',
    'wait_seconds_bucket{gateway="g",le="2.5"} 5',
    'wait_seconds_bucket{gateway="g",le="+Inf"} 6',
    'wait_seconds_sum{gateway="g"} 12.5',
    'wait_seconds_count{gateway="g"} 6',
  ]);
});

test('a counter is named with _total above its samples in the older format, without it in the newer', () => {
  const family: Family = {
    name: 'tokens',
    kind: 'counter',
    help: 'T.',
    samples: [{ labels: {}, value: 1e21 }],
  };
  expect(printFamilies([family], 'prometheus')).toBe(
    '# HELP tokens_total T.\n# TYPE tokens_total counter\ntokens_total 1e+21\n',
  );
  expect(printFamilies([family], 'openmetrics')).toBe(
    '# HELP tokens T.\n# TYPE tokens counter\ntokens_total 1e+21\n# EOF\n',
  );
});

test('the newer format is for those who name it', () => {
  const prometheus =
    'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
  expect([prometheus, 'text/plain', '*/*', undefined].map(formatFor)).toEqual([
    'openmetrics',
    'prometheus',
    'prometheus',
    'prometheus',
  ]);
});
