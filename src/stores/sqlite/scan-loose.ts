import type { Row } from './database.ts';
import { type NumberColumn, recordColumn, type ScanColumn } from './scan-columns.ts';
import type { EntryCodes, RowSlice, TextCodes } from './scan-slice.ts';

type Entry = EntryCodes['entries'][number];

/** Rows of the table `records`, gathered into a slice. */
export class LooseRows {
  readonly selected: string;
  readonly #columns: readonly ScanColumn[];
  #rows: Row[] = [];

  constructor(columns: readonly ScanColumn[]) {
    this.#columns = columns;
    this.selected = columns.length === 0 ? 'seq' : columns.map(recordColumn).join(', ');
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Returns how many there are now. */
  add(row: Row): number {
    return this.#rows.push(row);
  }

  take(gatewayRef: number): RowSlice {
    const rows = this.#rows;
    this.#rows = [];
    const values = (column: ScanColumn): unknown[] => {
      if (!this.#columns.includes(column)) throw new RangeError(`the scan was not asked for '${column}'`);
      const name = recordColumn(column);
      return rows.map((row) => row[name]);
    };
    const metadata = (): (Entry[] | null)[] =>
      values('metadata').map((text) => (text === null ? null : readEntries(text as string)));
    return {
      gatewayRef,
      matches: Uint32Array.from(rows.keys()),
      numbers: (column: NumberColumn) =>
        Float64Array.from(values(column), (value) => (value as number | null) ?? Number.NaN),
      texts: (column) => encodeTexts(values(column) as (string | null)[]),
      metadataValues: (key) =>
        encodeTexts(
          metadata().map((entries) => {
            const entry = entries?.find(([name]) => name === key);
            return entry === undefined ? null : String(entry[1]);
          }),
        ),
      metadata: () => encodeEntries(metadata()),
    };
  }
}

function readEntries(text: string): Entry[] {
  return Object.entries(JSON.parse(text) as Record<string, string | number | boolean>);
}

function encodeTexts(values: readonly (string | null)[]): TextCodes {
  const known = new Map<string, number>();
  const texts: (string | null)[] = [null];
  const codes = Uint32Array.from(values, (value) => {
    if (value === null) return 0;
    let code = known.get(value);
    if (code === undefined) {
      code = texts.push(value) - 1;
      known.set(value, code);
    }
    return code;
  });
  return { codes, texts };
}

function encodeEntries(rows: readonly (readonly Entry[] | null)[]): EntryCodes {
  const known = new Map<string, number>();
  const entries: Entry[] = [];
  const starts = new Uint32Array(rows.length + 1);
  const codes: number[] = [];
  for (const [index, row] of rows.entries()) {
    for (const entry of row ?? []) {
      const name = JSON.stringify(entry);
      let code = known.get(name);
      if (code === undefined) {
        code = entries.push(entry) - 1;
        known.set(name, code);
      }
      codes.push(code);
    }
    starts[index + 1] = codes.length;
  }
  return { starts, codes: Uint32Array.from(codes), entries };
}
