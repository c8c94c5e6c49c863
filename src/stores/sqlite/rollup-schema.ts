/**
 * Blocks hold all groups of a gateway in one bucket of time. A block of a wider bucket is made of those of the width
 * before it some time after its end; until then, and again after something came late, it is `stale`: not to be read.
 */
export const ROLLUP_MIGRATION = `
  ALTER TABLE rollups RENAME TO rollups_before;

  CREATE TABLE rollup_blocks (
    kind INTEGER NOT NULL,
    width INTEGER NOT NULL,
    gateway_ref INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    groups BLOB NOT NULL,
    PRIMARY KEY (kind, width, gateway_ref, bucket)
  ) WITHOUT ROWID;

  CREATE TABLE rollup_stale (
    kind INTEGER NOT NULL,
    width INTEGER NOT NULL,
    gateway_ref INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (kind, width, gateway_ref, bucket)
  ) WITHOUT ROWID;
  CREATE INDEX rollup_stale_by_due ON rollup_stale (width, due);

  CREATE TABLE rollup_horizons (
    kind INTEGER NOT NULL,
    width INTEGER NOT NULL,
    kept_from INTEGER NOT NULL,
    PRIMARY KEY (kind, width)
  ) WITHOUT ROWID;

  -- All rows up to this one are in the blocks: at first none, also of those that are there already.
  CREATE TABLE rollup_progress (through_seq INTEGER NOT NULL);
  INSERT INTO rollup_progress VALUES (0);

  -- Records that count and have no row, until they are in the blocks.
  CREATE TABLE refused_records (
    id INTEGER PRIMARY KEY,
    gateway_ref INTEGER NOT NULL,
    columns TEXT NOT NULL
  );
`;
