import type { WrongPair } from '../../core/stores/semantic-evidence.ts';
import type { EvidenceFile } from './evidence-file.ts';

/** The small tables of the evidence, by the number of a gateway. */

const MOST_COSINES = 300;

export function putCosine(file: EvidenceFile, gateway: number, model: string, cosine: number): void {
  const newest = 'SELECT coalesce(max(number), 0) FROM noise_cosine WHERE gateway = ?1 AND model = ?2';
  file
    .prepared(
      `INSERT INTO noise_cosine (gateway, model, number, cosine) VALUES (?1, ?2, (${newest}) + 1, ?3)`,
    )
    .run(gateway, model, cosine);
  file
    .prepared(`DELETE FROM noise_cosine WHERE gateway = ?1 AND model = ?2 AND number <= (${newest}) - ?3`)
    .run(gateway, model, MOST_COSINES);
}

export function cosinesOf(file: EvidenceFile, gateway: number, model: string): number[] {
  return file
    .prepared('SELECT cosine FROM noise_cosine WHERE gateway = ? AND model = ? ORDER BY number')
    .all(gateway, model)
    .map((row) => Number(row.cosine));
}

export function putPair(file: EvidenceFile, gateway: number, pair: WrongPair): void {
  file
    .prepared('INSERT OR REPLACE INTO wrong_pair (gateway, id, document) VALUES (?, ?, ?)')
    .run(gateway, pair.id, JSON.stringify(pair));
}

export function deletePair(file: EvidenceFile, gateway: number, id: string): boolean {
  const { changes } = file.prepared('DELETE FROM wrong_pair WHERE gateway = ? AND id = ?').run(gateway, id);
  return changes > 0;
}

export function pairsOf(file: EvidenceFile, gateway: number): WrongPair[] {
  return file
    .prepared('SELECT document FROM wrong_pair WHERE gateway = ? ORDER BY id DESC')
    .all(gateway)
    .map((row) => JSON.parse(String(row.document)) as WrongPair);
}

export function addCount(file: EvidenceFile, gateway: number, day: number, kind: string, n: number): void {
  file
    .prepared(
      `INSERT INTO day_count (gateway, day, kind, n) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    )
    .run(gateway, day, kind, n);
}

export function countOf(file: EvidenceFile, gateway: number, day: number, kind: string): number {
  const sql = 'SELECT n FROM day_count WHERE gateway = ? AND day = ? AND kind = ?';
  return Number(file.prepared(sql).get(gateway, day, kind)?.n ?? 0);
}

export function sumCounts(
  file: EvidenceFile,
  gateway: number,
  firstDay: number,
  lastDay: number,
): (readonly [kind: string, n: number])[] {
  return file
    .prepared(
      'SELECT kind, sum(n) AS n FROM day_count WHERE gateway = ? AND day BETWEEN ? AND ? GROUP BY kind',
    )
    .all(gateway, firstDay, lastDay)
    .map((row) => [String(row.kind), Number(row.n)]);
}
