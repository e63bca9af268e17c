-- Under which key of its caller an invocation was accepted. function: number of history_functions.
-- body: SHA-256 of media type and body.
CREATE TABLE idempotency_keys (
  function INTEGER NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  invocation BLOB NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (function, key)
) WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (made_at);

-- Accepted invocations that failed for good, as they were accepted.
CREATE TABLE dead_letters (
  id BLOB PRIMARY KEY,
  function INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  payload_blob TEXT,
  work BLOB NOT NULL
) WITHOUT ROWID;

CREATE INDEX dead_letters_of_function ON dead_letters (function, id);

CREATE INDEX dead_letters_payload_blobs ON dead_letters (payload_blob) WHERE payload_blob IS NOT NULL;

INSERT INTO row_counts VALUES ('dead_letters', 0);
