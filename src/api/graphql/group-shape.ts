import { nanosToUsd } from '../../core/money.ts';
import { type AnalyticsRow, type Dimension, INTERVALS, type Interval } from '../../core/stores/analytics.ts';
import type { Dataset, DimensionField } from './fields.ts';

const METADATA = 'metadata';
/** In front of a key, names a value of the metadata among the fields. */
export const METADATA_VALUE = 'metadata:';

/** Which dimensions of the store stand for the fields asked for, and where each is in a group. */
export class GroupShape {
  readonly #dataset: Dataset;
  readonly #fields = new Map<string, DimensionField>();
  readonly #metadataKeys: readonly string[];
  readonly #stored: Dimension[] = [];
  #interval: Interval | null = null;

  constructor(dataset: Dataset, fields: Iterable<string>, metadataKeys: readonly string[]) {
    this.#dataset = dataset;
    this.#metadataKeys = metadataKeys;
    for (const name of fields) this.add(name);
    for (const key of metadataKeys) this.#store(`metadata:${key}`);
  }

  add(name: string): void {
    const field = this.#dataset.dimensions[name];
    if (field === undefined) throw new RangeError('a dimension that the schema has is in the table');
    this.#fields.set(name, field);
    if (field.kind === 'stored') this.#store(field.store);
    if (field.kind === 'entries') this.#store(METADATA);
    if (field.kind !== 'time') return;
    if (this.#interval === null || INTERVALS[field.interval] < INTERVALS[this.#interval])
      this.#interval = field.interval;
  }

  get groupBy(): readonly Dimension[] {
    return this.#stored;
  }

  /** The finest of the times asked for; the others follow from it. */
  get interval(): Interval | null {
    return this.#interval;
  }

  get splitsErrors(): boolean {
    return [...this.#fields.values()].some(({ kind }) => kind === 'error');
  }

  isWiderThan(asked: ReadonlySet<string>): boolean {
    return [...this.#fields.keys()].some((name) => !asked.has(name));
  }

  /** Values by field; `metadata:<key>` for those. Null throughout where the store no longer tells groups apart. */
  valuesOf(row: AnalyticsRow, error: number | null): Record<string, unknown> {
    const values: Record<string, unknown> = Object.create(null);
    const read = (dimension: Dimension): string | null =>
      row.group?.[this.#stored.indexOf(dimension)] ?? null;
    for (const [name, field] of this.#fields) values[name] = readValue(field, row.bucket, error, read);
    for (const key of this.#metadataKeys) values[METADATA_VALUE + key] = read(`metadata:${key}`);
    return values;
  }

  #store(dimension: Dimension): void {
    if (!this.#stored.includes(dimension)) this.#stored.push(dimension);
  }
}

function readValue(
  field: DimensionField,
  bucket: number | null,
  error: number | null,
  read: (dimension: Dimension) => string | null,
): unknown {
  switch (field.kind) {
    case 'constant':
      return field.value;
    case 'error':
      return error;
    case 'time': {
      const width = INTERVALS[field.interval];
      return bucket === null ? null : bucket - (bucket % width);
    }
    case 'entries':
      return readEntries(field.part, read(METADATA));
    case 'stored': {
      const text = read(field.store);
      if (text === null || field.type === 'string') return text;
      const number = readNumber(text);
      return field.store === 'cost_nanos' && number !== null ? nanosToUsd(number) : number;
    }
  }
}

/** The store's groups are text; '' is unknown. */
function readNumber(text: string): number | null {
  if (text === '') return null;
  if (text === 'true') return 1;
  return text === 'false' ? 0 : Number(text);
}

function readEntries(part: 'keys' | 'values', text: string | null): string[] {
  if (text === null || text === '') return [];
  let entries: [string, unknown][];
  try {
    entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  } catch {
    // The text was too long and is cut.
    return [];
  }
  return entries.map(([key, value]) => (part === 'keys' ? key : String(value)));
}
