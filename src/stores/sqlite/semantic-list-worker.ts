import type { SemanticEntryListing, SemanticEntryQuery } from '../../core/stores/semantic.ts';
import type { Database } from './database.ts';
import { answerList } from './list-worker.ts';
import type { ListInput } from './page-lister.ts';
import { entryOf } from './semantic-reader.ts';
import { gatewayKey } from './semantic-schema.ts';

export interface SemanticPage {
  readonly rows: readonly SemanticEntryListing[];
  readonly totalCount: number;
}

const ORDERS: Readonly<Record<SemanticEntryQuery['orderBy'], string>> = {
  created_at: 'stored_at',
  hits: 'hits',
  size: 'size',
};

answerList(readPage);

function readPage(from: Database, { query, nowMs }: ListInput<SemanticEntryQuery>): SemanticPage {
  const { account, gateway, partition, search, limit, offset } = query;
  const name = gatewayKey(account, gateway);
  const word = query.direction === 'asc' ? 'ASC' : 'DESC';
  const where = 'gateway = ?1 AND expires_at > ?2 AND (?3 IS NULL OR partition = ?3)';
  const source = `FROM entries LEFT JOIN hits ON hits.number = entries.number WHERE ${where}
    ORDER BY ${ORDERS[query.orderBy]} ${word}, entries.number ${word}`;
  let numbers: number[];
  let totalCount: number;
  if (search === null) {
    const total = from
      .prepare(`SELECT count(*) AS entries FROM entries WHERE ${where}`)
      .get(name, nowMs, partition);
    totalCount = Number(total?.entries ?? 0);
    const statement = from.prepare(`SELECT entries.number AS number ${source} LIMIT ?4 OFFSET ?5`);
    numbers = statement.all(name, nowMs, partition, limit, offset).map((row) => Number(row.number));
  } else {
    // SQLite knows upper and lower case of English letters only.
    const wanted = search.toLowerCase();
    numbers = [];
    totalCount = 0;
    for (const row of from
      .prepare(`SELECT entries.number AS number, text ${source}`)
      .iterate(name, nowMs, partition)) {
      if (!String(row.text).toLowerCase().includes(wanted)) continue;
      if (totalCount >= offset && numbers.length < limit) numbers.push(Number(row.number));
      totalCount++;
    }
  }
  const entry = from.prepareLists(
    `SELECT id, gateway, partition, stored_at, expires_at, head, text, size, coalesce(hits, 0)
     FROM entries LEFT JOIN hits ON hits.number = entries.number WHERE entries.number = ?`,
  );
  const rows = numbers.flatMap((number) =>
    entry.all(number).map(
      (row): SemanticEntryListing => ({
        ...entryOf(row),
        bytes: Number(row[7]),
        hits: Number(row[8]),
      }),
    ),
  );
  return { rows, totalCount };
}
