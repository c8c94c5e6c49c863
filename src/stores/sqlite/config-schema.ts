import { AUDIT_MIGRATION } from './audit.ts';

/**
 * config.db holds what people set: few rows, written rarely, read whole at start. Each thing is one JSON document
 * beside the columns that name it, so that a new field is a line in a migration (`json_insert`) and not a column.
 * The encrypted secrets lie in the same file, so that one copy of it is a whole backup (without the master key).
 */
export const CONFIG_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE account (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE gateway (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (account, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE stored_key (
    account TEXT NOT NULL,
    gateway TEXT NOT NULL,
    provider TEXT NOT NULL,
    alias TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (account, gateway, provider, alias)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE custom_provider (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (account, id),
    UNIQUE (account, slug)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE token (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (account, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE secret_meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE secret (
    id TEXT PRIMARY KEY,
    wrapped_key BLOB NOT NULL,
    sealed_value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ${AUDIT_MIGRATION}
  CREATE TABLE view (
    account TEXT NOT NULL,
    gateway TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (account, gateway, id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  UPDATE gateway SET document = json_insert(document, '$.shareInFlight', json('true'), '$.semanticCache', json('null'));
  `,
];
