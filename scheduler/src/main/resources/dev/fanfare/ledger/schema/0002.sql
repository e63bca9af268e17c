-- Asynchronous invocations that were accepted and have not ended. Ids are 16 bytes and sort by the time
-- they were made; the row goes in the transaction that writes the invocation's end.
-- function: number of history_functions. kind: number of work_kinds.
-- place: where one with a priority stands among its function's, epoch microseconds less what the priority
-- is worth; null for others, which stand as their ids do.
-- due: when one is ready that was submitted for later; null for others.
-- payload_blob: hash of a payload that lies outside.
CREATE TABLE accepted (
  function INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  place BIGINT,
  due BIGINT,
  payload_blob TEXT,
  work BLOB NOT NULL,
  PRIMARY KEY (function, id)
) WITHOUT ROWID;

CREATE INDEX accepted_by_place ON accepted (function, place, id) WHERE place IS NOT NULL;

CREATE INDEX accepted_by_due ON accepted (due, id) WHERE due IS NOT NULL;

CREATE INDEX accepted_payload_blobs ON accepted (payload_blob) WHERE payload_blob IS NOT NULL;

-- What accepted invocations have in common: target, demands, retries and timeout, encoded.
CREATE TABLE work_kinds (
  number INTEGER PRIMARY KEY,
  encoded BLOB NOT NULL UNIQUE
);

-- How far accepted invocations have come whose first attempt began.
-- running: 1 while an attempt is under way.
CREATE TABLE attempts (
  id BLOB PRIMARY KEY,
  attempts INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  fence BIGINT NOT NULL,
  due BIGINT NOT NULL,
  running INTEGER NOT NULL
) WITHOUT ROWID;

-- How often the ledger was opened; fences given after an opening are above those given before.
CREATE TABLE epochs (
  latest BIGINT NOT NULL
);

INSERT INTO epochs VALUES (0);

INSERT INTO row_counts VALUES ('accepted', 0), ('attempts', 0);
