/**
 * A row per session, kept true with the rows of its requests, in their transactions. Its figures count every request;
 * it goes with the last row that is left of it. Rows up to `through_seq` of a store from before there were sessions
 * are added in the background.
 */
export const SESSION_MIGRATION = `
  CREATE TABLE sessions (
    gateway_ref INTEGER NOT NULL,
    id TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    ended_at REAL NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    cached_requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_nanos INTEGER NOT NULL,
    saved_nanos INTEGER NOT NULL,
    user_agent TEXT,
    user_id TEXT,
    model TEXT,
    first_record TEXT NOT NULL,
    last_shape TEXT NOT NULL,
    last_size INTEGER NOT NULL,
    last_growth INTEGER,
    repeats INTEGER NOT NULL,
    most_repeats INTEGER NOT NULL,
    PRIMARY KEY (gateway_ref, id)
  ) WITHOUT ROWID;
  CREATE INDEX sessions_by_last ON sessions (gateway_ref, last_at);

  CREATE TABLE session_progress (added_seq INTEGER NOT NULL, through_seq INTEGER NOT NULL);
  INSERT INTO session_progress SELECT 0, coalesce(max(seq), 0) FROM records;
`;
