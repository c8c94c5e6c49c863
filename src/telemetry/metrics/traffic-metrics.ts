import type { LogRecord } from '../../core/stores/logs.ts';
import type { Family, Labels } from './exposition.ts';
import { Histogram } from './histogram.ts';
import { LabelValues, OTHER } from './label-values.ts';

const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const OVERHEAD_BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

const MOST_GATEWAYS = 200;
const MOST_PROVIDERS = 80;
const MOST_MODELS = 200;
const MOST_SERIES = 4_000;
const MOST_TIMED = 1_000;

type SeriesLabels = Readonly<Record<'account' | 'gateway' | 'provider' | 'model', string>>;

/** Sums over requests that have the same labels. */
interface Series {
  readonly labels: SeriesLabels;
  /** 2 of 200 to 299. */
  readonly statusClass: number;
  readonly cache: string;
  readonly timed: Timed;
  requests: number;
  errors: number;
  rateLimited: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  costNanos: number;
  savedNanos: number;
  unpriced: number;
}

/** Times of requests; without the model, whose number would multiply the buckets. */
interface Timed {
  readonly labels: Labels;
  readonly duration: Histogram;
  readonly firstByte: Histogram;
  readonly overhead: Histogram;
}

/** Counts requests as they end, in memory: a few look-ups and additions each. */
export class TrafficMetrics {
  readonly #gateways = new LabelValues(MOST_GATEWAYS);
  readonly #providers = new LabelValues(MOST_PROVIDERS);
  readonly #models = new LabelValues(MOST_MODELS);
  readonly #series = new Map<string, Series>();
  readonly #timed = new Map<string, Timed>();
  /** The series of the last record of each cache status: most often also that of the next. */
  readonly #last = new Map<LogRecord['cacheStatus'], Series>();

  count(record: LogRecord): void {
    const { usage } = record;
    const series = this.#find(record);
    series.requests++;
    if (!record.success) series.errors++;
    if (record.rateLimited) series.rateLimited++;
    if (usage !== null) {
      series.inputTokens += usage.inputTokens ?? 0;
      series.outputTokens += usage.outputTokens ?? 0;
      series.cacheReadTokens += usage.cacheReadTokens ?? 0;
      series.cacheWriteTokens += (usage.cacheWriteTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0);
      series.reasoningTokens += usage.reasoningTokens ?? 0;
      if (record.costNanos === null && !record.cached) series.unpriced++;
    }
    series.costNanos += record.costNanos ?? 0;
    series.savedNanos += record.savedNanos ?? 0;
    const { timed } = series;
    timed.duration.add(record.durationMs / 1000);
    if (record.firstByteMs !== null) timed.firstByte.add(record.firstByteMs / 1000);
    if (record.overheadMs !== null) timed.overhead.add(record.overheadMs / 1000);
  }

  families(): Family[] {
    return [...this.#counters(), ...this.#histograms()];
  }

  #find(record: LogRecord): Series {
    const last = this.#last.get(record.cacheStatus);
    // A name that has a label of its own keeps it, so a series that reads like the record is the record's.
    if (last !== undefined && isNamedLike(last, record)) return last;
    const found = this.#lookUp(record);
    this.#last.set(record.cacheStatus, found);
    return found;
  }

  #lookUp(record: LogRecord): Series {
    // A name counts as one when a provider was reached by it, or answered by it before.
    const wasReached = record.cached || record.attempts.length > 0;
    const gateway = this.#gateways.of(record.gateway, true);
    const provider = this.#providers.of(record.provider, wasReached);
    const model = record.model === null ? '' : this.#models.of(record.model, wasReached && record.success);
    const statusClass = statusClassOf(record);
    const cache = record.cacheStatus === null ? 'none' : record.cacheStatus === 'HIT' ? 'hit' : 'miss';
    const named = { account: record.account, gateway, provider, model };
    const known = this.#series.get(keyOf(named, statusClass, cache)) ?? this.#make(named, statusClass, cache);
    if (known !== null) return known;
    const anyModel = { ...named, model: OTHER };
    const any = { account: OTHER, gateway: OTHER, provider: OTHER, model: OTHER };
    // Only the last of them is made when there is no more room: it is few.
    return (
      this.#series.get(keyOf(anyModel, statusClass, cache)) ??
      this.#series.get(keyOf(any, statusClass, cache)) ??
      this.#make(any, statusClass, cache, true)!
    );
  }

  #make(labels: SeriesLabels, statusClass: number, cache: string, always = false): Series | null {
    if (this.#series.size >= MOST_SERIES && !always) return null;
    const made = emptySeries(labels, statusClass, cache, this.#findTimed(labels, cache));
    this.#series.set(keyOf(labels, statusClass, cache), made);
    return made;
  }

  #findTimed({ account, gateway, provider }: SeriesLabels, cache: string): Timed {
    const key = `${account}\n${gateway}\n${cache}\n${provider}`;
    const known =
      this.#timed.get(key) ?? (this.#timed.size >= MOST_TIMED ? this.#timed.get(OTHER) : undefined);
    if (known !== undefined) return known;
    const isOver = this.#timed.size >= MOST_TIMED;
    const made: Timed = {
      labels: isOver
        ? { account: OTHER, gateway: OTHER, provider: OTHER, cache: OTHER }
        : { account, gateway, provider, cache },
      duration: new Histogram(DURATION_BOUNDS),
      firstByte: new Histogram(DURATION_BOUNDS),
      overhead: new Histogram(OVERHEAD_BOUNDS),
    };
    this.#timed.set(isOver ? OTHER : key, made);
    return made;
  }

  #counters(): Family[] {
    const all = [...this.#series.values()];
    const counter = (name: string, help: string, samples: Family['samples']): Family => ({
      name,
      kind: 'counter',
      help,
      samples,
    });
    const money = (read: (series: Series) => number): Family['samples'] =>
      addUp(
        all,
        ({ labels }) => labels,
        (series) => read(series) / 1e9,
      );
    return [
      counter(
        'tidegate_requests',
        'Requests that have ended.',
        all.map(({ labels, statusClass, cache, requests }) => ({
          labels: { ...labels, status: statusLabel(statusClass), cache },
          value: requests,
        })),
      ),
      counter(
        'tidegate_errors',
        'Requests without a good answer: refused here, failed at the provider, broken off, or left by the client.',
        addUp(
          all,
          ({ labels, statusClass }) => ({ ...labels, status: statusLabel(statusClass) }),
          ({ errors }) => errors,
        ),
      ),
      counter(
        'tidegate_rate_limited',
        'Requests refused by a rate limit of their gateway.',
        addUp(
          all,
          ({ labels: { account, gateway } }) => ({ account, gateway }),
          ({ rateLimited }) => rateLimited,
        ),
      ),
      counter(
        'tidegate_tokens',
        'Tokens as providers state them. `cache_read` and `cache_write` are parts of `input`, `reasoning` is one of `output`.',
        TOKENS.flatMap(([type, read]) => addUp(all, ({ labels }) => ({ ...labels, type }), read)),
      ),
      counter(
        'tidegate_cost_usd',
        'Cost of requests whose price is known, in US dollars.',
        money(({ costNanos }) => costNanos),
      ),
      counter(
        'tidegate_saved_usd',
        'Cost of the requests whose answers came from the cache instead, in US dollars.',
        money(({ savedNanos }) => savedNanos),
      ),
      counter(
        'tidegate_unpriced_requests',
        'Requests with known tokens and an unknown price.',
        addUp(
          all,
          ({ labels }) => labels,
          ({ unpriced }) => unpriced,
        ),
      ),
    ];
  }

  #histograms(): Family[] {
    const all = [...this.#timed.values()];
    const histogram = (name: string, help: string, read: (timed: Timed) => Histogram): Family => ({
      name,
      kind: 'histogram',
      help,
      samples: all.map((timed) => {
        const { bounds, counts, sum } = read(timed);
        return { labels: timed.labels, bounds, counts, sum };
      }),
    });
    return [
      histogram(
        'tidegate_request_duration_seconds',
        'From the request’s arrival to the end of its reply.',
        (timed) => timed.duration,
      ),
      histogram(
        'tidegate_time_to_first_byte_seconds',
        'From the request’s arrival to the first byte of the answer.',
        (timed) => timed.firstByte,
      ),
      histogram('tidegate_overhead_seconds', 'Time that the gateway itself took.', (timed) => timed.overhead),
    ];
  }
}

function isNamedLike({ labels, statusClass }: Series, record: LogRecord): boolean {
  return (
    (labels.model || null) === record.model &&
    labels.gateway === record.gateway &&
    labels.provider === record.provider &&
    labels.account === record.account &&
    statusClass === statusClassOf(record)
  );
}

const statusClassOf = (record: LogRecord): number => Math.floor(record.statusCode / 100);
const statusLabel = (statusClass: number): string => `${statusClass}xx`;

const keyOf = (
  { account, gateway, provider, model }: SeriesLabels,
  statusClass: number,
  cache: string,
): string => `${account}\n${gateway}\n${statusClass}\n${cache}\n${provider}\n${model}`;

const TOKENS: readonly (readonly [string, (series: Series) => number])[] = [
  ['input', (series) => series.inputTokens],
  ['output', (series) => series.outputTokens],
  ['cache_read', (series) => series.cacheReadTokens],
  ['cache_write', (series) => series.cacheWriteTokens],
  ['reasoning', (series) => series.reasoningTokens],
];

/** One sample per set of labels. */
function addUp(
  all: readonly Series[],
  labelsOf: (series: Series) => Labels,
  read: (series: Series) => number,
): Family['samples'] {
  const sums = new Map<string, { labels: Labels; value: number }>();
  for (const series of all) {
    const labels = labelsOf(series);
    const key = Object.values(labels).join('\n');
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { labels, value: read(series) });
    else known.value += read(series);
  }
  return [...sums.values()];
}

function emptySeries(labels: SeriesLabels, statusClass: number, cache: string, timed: Timed): Series {
  return {
    labels,
    statusClass,
    cache,
    timed,
    requests: 0,
    errors: 0,
    rateLimited: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costNanos: 0,
    savedNanos: 0,
    unpriced: 0,
  };
}
