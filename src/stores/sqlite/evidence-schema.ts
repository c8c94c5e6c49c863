/** semantic-evidence.db. Gateways stand in it by a number that is never used again, so that one can be forgotten at once. */
export const EVIDENCE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE gateway (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    gateway TEXT NOT NULL,
    paused_since INTEGER,
    pause_reason TEXT,
    counts_from INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, gateway)
  ) STRICT;
  -- What is still to be removed of gateways that are gone, a little at a time.
  CREATE TABLE forgotten (number INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE day_count (
    gateway INTEGER NOT NULL,
    day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (gateway, day, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE hit (
    gateway INTEGER NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    served INTEGER NOT NULL,
    entry TEXT NOT NULL,
    verdict TEXT,
    judged_by TEXT,
    note TEXT,
    document TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX hit_id ON hit (gateway, id);
  CREATE INDEX hit_verdict ON hit (gateway, verdict, id, served);
  CREATE INDEX hit_judged ON hit (gateway, served, verdict, at);
  CREATE INDEX hit_entry ON hit (entry, verdict) WHERE verdict IS NOT NULL;
  CREATE TABLE wrong_pair (
    gateway INTEGER NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (gateway, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE noise_cosine (
    gateway INTEGER NOT NULL,
    model TEXT NOT NULL,
    number INTEGER NOT NULL,
    cosine REAL NOT NULL,
    PRIMARY KEY (gateway, model, number)
  ) STRICT, WITHOUT ROWID;
  `,
];
