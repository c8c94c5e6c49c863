import type { SemanticStore } from '../../core/stores/semantic.ts';
import { type SemanticFileOptions, SqliteSemanticStore } from '../../stores/sqlite/semantic.ts';

/** Entries of the semantic cache in a file, their vectors in memory. Costs nothing until it is used. */
export function openSemanticStore(options: Omit<SemanticFileOptions, 'indexModule'>): SemanticStore {
  const indexModule = new URL('../../stores/vectors/vector-index.ts', import.meta.url);
  return new SqliteSemanticStore({ ...options, indexModule });
}
