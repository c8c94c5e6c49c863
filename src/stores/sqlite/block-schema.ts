/**
 * Blocks are made of the rows in `records` and hold nothing that is not there. Every row up to `sealed_seq` is either
 * in the block of its seq, or in `block_loose` because the block's copy of it is out of date, or gone. Rows after it
 * are in no block yet. A block never changes; what is no longer true of it stands in `block_absent`.
 */
export const BLOCK_MIGRATION = `
  CREATE TABLE block_state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    sealed_seq INTEGER NOT NULL
  );
  INSERT INTO block_state VALUES (1, 0);

  CREATE TABLE blocks (
    block INTEGER PRIMARY KEY AUTOINCREMENT,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    slices BLOB NOT NULL,
    summary BLOB NOT NULL
  );
  CREATE UNIQUE INDEX blocks_by_seq ON blocks (first_seq);

  CREATE TABLE block_parts (part INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

  CREATE TABLE block_absent (
    block INTEGER PRIMARY KEY,
    row_count INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    bits BLOB NOT NULL
  );

  CREATE TABLE block_loose (seq INTEGER PRIMARY KEY, block INTEGER NOT NULL);
`;
