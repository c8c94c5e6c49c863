import type { JudgedBy, Verdict } from '../../core/semantic.ts';
import type { JudgedHit, SimilarHit, SimilarHitQuery } from '../../core/stores/semantic-evidence.ts';
import type { Row, Statement, Value } from './database.ts';

type Prepare = (sql: string) => Statement;

/** The rows of hits. Gateways are numbers here. */
export class EvidenceHits {
  readonly #prepare: Prepare;

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  put(gateway: number, { verdict, judgedBy, note, ...hit }: JudgedHit): void {
    this.#prepare(
      `INSERT OR IGNORE INTO hit (gateway, id, at, served, entry, verdict, judged_by, note, document)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      gateway,
      hit.id,
      hit.at,
      Number(hit.served),
      hit.entryId,
      verdict,
      judgedBy,
      note,
      JSON.stringify(hit),
    );
  }

  find(gateway: number, id: string): JudgedHit | null {
    const row = this.#prepare(`SELECT ${COLUMNS} FROM hit WHERE gateway = ? AND id = ?`).get(gateway, id);
    return row === undefined ? null : hitOf(row);
  }

  judge(gateway: number, id: string, verdict: Verdict, by: JudgedBy, note: string | null): void {
    this.#prepare('UPDATE hit SET verdict = ?, judged_by = ?, note = ? WHERE gateway = ? AND id = ?').run(
      verdict,
      by,
      note,
      gateway,
      id,
    );
  }

  list(gateway: number, query: SimilarHitQuery): { rows: JudgedHit[]; totalCount: number } {
    const wanted = ['gateway = ?'];
    const values: Value[] = [gateway];
    const want = (sql: string, ...given: Value[]): void => {
      wanted.push(sql);
      values.push(...given);
    };
    if (query.verdict === 'none') want('verdict IS NULL');
    else if (query.verdict !== null) want('verdict = ?', query.verdict);
    if (query.served !== null) want('served = ?', Number(query.served));
    if (query.entryId !== null) want('entry = ?', query.entryId);
    const where = `FROM hit WHERE ${wanted.join(' AND ')}`;
    const rows = this.#prepare(`SELECT ${COLUMNS} ${where} ORDER BY id DESC LIMIT ? OFFSET ?`).all(
      ...values,
      query.limit,
      query.offset,
    );
    const total = this.#prepare(`SELECT count(*) AS n ${where}`).get(...values);
    return { rows: rows.map(hitOf), totalCount: Number(total?.n ?? 0) };
  }

  verdictsOf(entryId: string): { right: number; wrong: number } {
    return verdictCounts(
      this.#prepare(
        `SELECT verdict, count(*) AS n FROM hit WHERE entry = ? AND verdict IS NOT NULL GROUP BY verdict`,
      ).all(entryId),
    );
  }

  servedSince(gateway: number, from: number, most: number): number {
    const count = this.#prepare(
      `SELECT count(*) AS n FROM (
         SELECT 1 FROM hit WHERE gateway = ? AND served = 1 AND verdict IS ? AND at >= ? LIMIT ?)`,
    );
    let served = 0;
    for (const verdict of VERDICTS) served += Number(count.get(gateway, verdict, from, most)?.n ?? 0);
    return Math.min(served, most);
  }

  /** When the newest of the served ones with that verdict were served, the latest first. */
  timesOf(gateway: number, verdict: 'right' | 'wrong', from: number, most: number): number[] {
    return this.#prepare(
      `SELECT at FROM hit WHERE gateway = ? AND served = 1 AND verdict = ? AND at >= ? ORDER BY at DESC LIMIT ?`,
    )
      .all(gateway, verdict, from, most)
      .map((row) => Number(row.at));
  }

  /** Id of the newest one that is too many of its verdict; null when none is. */
  firstBeyond(gateway: number, verdict: Verdict | null, kept: number): string | null {
    const row = this.#prepare(
      'SELECT id FROM hit WHERE gateway = ? AND verdict IS ? ORDER BY id DESC LIMIT 1 OFFSET ?',
    ).get(gateway, verdict, kept);
    return row === undefined ? null : String(row.id);
  }

  /** Removes a few of the oldest, up to `id`; how many. */
  removeUpTo(gateway: number, verdict: Verdict | null, id: string, most: number): number {
    return this.#prepare(
      `DELETE FROM hit WHERE rowid IN (
         SELECT rowid FROM hit WHERE gateway = ? AND verdict IS ? AND id <= ? ORDER BY id LIMIT ?)`,
    ).run(gateway, verdict, id, most).changes;
  }
}

export const VERDICTS = [null, 'right', 'wrong', 'unsure'] as const;
const COLUMNS = 'verdict, judged_by, note, document';

function hitOf(row: Row): JudgedHit {
  return {
    ...(JSON.parse(String(row.document)) as SimilarHit),
    verdict: row.verdict as Verdict | null,
    judgedBy: row.judged_by as JudgedBy | null,
    note: row.note as string | null,
  };
}

function verdictCounts(rows: readonly Row[]): { right: number; wrong: number } {
  const of = (verdict: Verdict): number => Number(rows.find((row) => row.verdict === verdict)?.n ?? 0);
  return { right: of('right'), wrong: of('wrong') };
}
