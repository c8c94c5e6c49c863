/** evaluations.db: as config.db keeps its documents, but beside it, because scores are many and written often. */
export const EVALUATION_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE dataset (
    account TEXT NOT NULL,
    gateway TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (account, gateway, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE evaluation (
    account TEXT NOT NULL,
    gateway TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    is_over INTEGER NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (account, gateway, id)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX evaluation_id ON evaluation (id);
  -- state: 0 waiting, 1 a judge is being asked, 2 done. Numbers in place of ids, because there are many of them.
  CREATE TABLE evaluation_log (
    evaluation INTEGER NOT NULL,
    position INTEGER NOT NULL,
    log_id TEXT NOT NULL,
    state INTEGER NOT NULL,
    was_started INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (evaluation, position),
    UNIQUE (evaluation, log_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX evaluation_log_state ON evaluation_log (evaluation, state, position);
  CREATE TABLE score (
    evaluation INTEGER NOT NULL,
    position INTEGER NOT NULL,
    type_id TEXT NOT NULL,
    state TEXT NOT NULL,
    value REAL,
    passed INTEGER,
    explanation TEXT,
    reason TEXT,
    cost_nanos INTEGER,
    PRIMARY KEY (evaluation, type_id, position)
  ) STRICT, WITHOUT ROWID;
  `,
];
