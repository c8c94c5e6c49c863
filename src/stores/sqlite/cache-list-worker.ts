import type { CacheHead } from '../../core/cache-head.ts';
import type { CacheListing, CacheListQuery, CachePage } from '../../core/stores/cache.ts';
import { ROW_OVERHEAD_BYTES } from './cache-rows.ts';
import type { Database } from './database.ts';
import { answerList } from './list-worker.ts';
import type { ListInput } from './page-lister.ts';

const ORDERS: Readonly<Record<CacheListQuery['orderBy'], string>> = {
  size: 'size',
  hits: 'hits',
  // Rows are numbered as they are stored.
  created_at: 'id',
};

answerList(readPage);

function readPage(from: Database, { query, nowMs }: ListInput<CacheListQuery>): CachePage {
  const { account, gateway, orderBy, direction, limit, offset } = query;
  const name = `${account}/${gateway}`;
  const order = ORDERS[orderBy];
  const word = direction === 'asc' ? 'ASC' : 'DESC';
  const total = from
    .prepare('SELECT count(*) AS entries FROM entries WHERE gateway = ? AND expires_at > ?')
    .get(name, nowMs);
  const page = from
    .prepare(
      `SELECT id, size, coalesce(hits, 0) AS hits
       FROM entries LEFT JOIN hits ON hits.entry = entries.id
       WHERE gateway = ? AND expires_at > ?
       ORDER BY ${order} ${word}, id ${word} LIMIT ? OFFSET ?`,
    )
    .all(name, nowMs, limit, offset);
  const headOf = from.prepare('SELECT head FROM entries WHERE id = ?');
  const rows = page.map((row): CacheListing => {
    const text = String(headOf.get(Number(row.id))?.head);
    const { key, provider, model, storedAt, expiresAt, recordId, costNanos } = JSON.parse(text) as CacheHead;
    const bytes = Number(row.size) - text.length - ROW_OVERHEAD_BYTES;
    return { key, provider, model, storedAt, expiresAt, recordId, costNanos, bytes, hits: Number(row.hits) };
  });
  return { rows, totalCount: Number(total?.entries ?? 0) };
}
