-- Times are epoch microseconds. Hashes and names are text, invocation ids their 16 bytes, big-endian, so
-- that they sort by the time they were made.

CREATE TABLE revisions (
  id TEXT PRIMARY KEY,
  created_at BIGINT NOT NULL,
  manifest TEXT NOT NULL
);

CREATE TABLE function_revisions (
  tenant TEXT NOT NULL,
  function TEXT NOT NULL,
  revision TEXT NOT NULL,
  deployed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, function, revision)
);

-- All aliases but 'live'.
CREATE TABLE aliases (
  tenant TEXT NOT NULL,
  function TEXT NOT NULL,
  alias TEXT NOT NULL,
  revision TEXT NOT NULL,
  moved_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, function, alias)
);

-- Where 'live' points, the highest step, and where it pointed before; a rollback removes the highest.
CREATE TABLE live_moves (
  tenant TEXT NOT NULL,
  function TEXT NOT NULL,
  step INTEGER NOT NULL,
  revision TEXT NOT NULL,
  moved_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, function, step)
);

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT
);

-- Short numbers for what every row of the history would repeat.
CREATE TABLE history_functions (
  number INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  function TEXT NOT NULL,
  UNIQUE (tenant, function)
);

CREATE TABLE history_revisions (
  number INTEGER PRIMARY KEY,
  revision TEXT NOT NULL UNIQUE
);

-- state: 1 succeeded, 2 failed, 3 cancelled.
-- flags: 1 asynchronous, 2 outcome is the text of a blob's hash and size.
-- outcome: the result's bytes, the fault as JSON, or the reason of the cancellation.
CREATE TABLE invocations (
  id BLOB PRIMARY KEY,
  function INTEGER NOT NULL,
  state INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  fence BIGINT NOT NULL,
  submitted_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  cold_micros BIGINT NOT NULL,
  run_micros BIGINT NOT NULL,
  cpu_micros BIGINT NOT NULL,
  peak_memory_bytes BIGINT NOT NULL,
  bytes_in BIGINT NOT NULL,
  bytes_out BIGINT NOT NULL,
  worker TEXT,
  origin TEXT NOT NULL,
  call_id TEXT NOT NULL,
  content_type TEXT,
  outcome BLOB
) WITHOUT ROWID;

CREATE INDEX invocations_of_function ON invocations (function, id);

CREATE INDEX invocations_not_succeeded ON invocations (state, id) WHERE state <> 1;

CREATE TABLE logs (
  invocation BLOB NOT NULL,
  fence BIGINT NOT NULL,
  line INTEGER NOT NULL,
  written_at BIGINT NOT NULL,
  source TEXT NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (invocation, fence, line)
) WITHOUT ROWID;

-- How many rows a table has, kept so that nobody need count millions.
CREATE TABLE row_counts (
  table_name TEXT PRIMARY KEY,
  row_count BIGINT NOT NULL
);

INSERT INTO row_counts VALUES ('invocations', 0), ('logs', 0);
