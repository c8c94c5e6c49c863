/** One family of samples, as both text formats show it. */
export interface Family {
  /** Without `_total`. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export type Labels = Readonly<Record<string, string>>;

export type Sample =
  | { readonly labels: Labels; readonly value: number }
  | {
      readonly labels: Labels;
      /** Upper bounds, ascending; what is above all of them is counted last. */
      readonly bounds: readonly number[];
      /** One more than there are bounds; each for its own bucket, not added up. */
      readonly counts: ArrayLike<number>;
      readonly sum: number;
    };

export type Format = 'prometheus' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** What the scraper prefers; the older format for whoever says nothing. */
export const formatFor = (accept: string | undefined): Format =>
  /application\/openmetrics-text/i.test(accept ?? '') ? 'openmetrics' : 'prometheus';

export function printFamilies(families: readonly Family[], format: Format): string {
  const lines: string[] = [];
  for (const family of families) {
    // A counter's own name ends in _total; the newer format leaves that out of what stands above the samples.
    const total = family.kind === 'counter' ? `${family.name}_total` : family.name;
    const title = format === 'openmetrics' ? family.name : total;
    lines.push(`# HELP ${title} ${escapeHelp(family.help, format)}`, `# TYPE ${title} ${family.kind}`);
    for (const sample of family.samples) {
      if ('value' in sample) lines.push(`${total}${printLabels(sample.labels)} ${printNumber(sample.value)}`);
      else printHistogram(lines, family.name, sample);
    }
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function printHistogram(
  lines: string[],
  name: string,
  sample: Exclude<Sample, { readonly value: number }>,
): void {
  const { labels, bounds, counts, sum } = sample;
  let count = 0;
  for (let index = 0; index <= bounds.length; index++) {
    count += counts[index] ?? 0;
    const bound = bounds[index];
    const le = bound === undefined ? '+Inf' : printBound(bound);
    lines.push(`${name}_bucket${printLabels({ ...labels, le })} ${count}`);
  }
  lines.push(
    `${name}_sum${printLabels(labels)} ${printNumber(sum)}`,
    `${name}_count${printLabels(labels)} ${count}`,
  );
}

function printLabels(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** Names of models and gateways come from outside: none may end its quotes or its line. */
function escapeLabel(value: string): string {
  return value
    .replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
    .toWellFormed();
}

/** Only the newer format has quotes to escape here. */
function escapeHelp(text: string, format: Format): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/** Bounds are text to a scraper: `1` and `1.0` would be two buckets, so both formats get the canonical one. */
const printBound = (bound: number): string => (Number.isInteger(bound) ? `${bound}.0` : String(bound));
