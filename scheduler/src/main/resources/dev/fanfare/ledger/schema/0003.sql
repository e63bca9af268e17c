-- What all nodes of a cluster know alike: revisions, functions, aliases, keys. Of two writes of one entry the later
-- one holds, by time, then by node. An entry without a value was removed; it stays so that nobody brings it back.
CREATE TABLE directory (
  entry TEXT PRIMARY KEY,
  written_at BIGINT NOT NULL,
  written_by TEXT NOT NULL,
  value BLOB
) WITHOUT ROWID;

-- When this node last saw a key used.
CREATE TABLE key_uses (
  id TEXT PRIMARY KEY,
  last_used_at BIGINT NOT NULL
) WITHOUT ROWID;

INSERT INTO directory
SELECT 'revision/' || id, created_at, '',
  CAST(json_object('createdAt', created_at, 'manifest', manifest) AS BLOB)
FROM revisions;

INSERT INTO directory
SELECT 'part/' || tenant || '/' || function || '/' || revision, deployed_at, '', CAST('{}' AS BLOB)
FROM function_revisions;

INSERT INTO directory
SELECT 'alias/' || tenant || '/' || function || '/' || alias, moved_at, '',
  CAST(json_object('revision', revision) AS BLOB)
FROM aliases;

INSERT INTO directory
SELECT 'live/' || tenant || '/' || function, max(moved_at), '',
  CAST(json_object('moves', json_group_array(json_object('revision', revision, 'at', moved_at))) AS BLOB)
FROM (SELECT * FROM live_moves ORDER BY tenant, function, step)
GROUP BY tenant, function;

INSERT INTO directory
SELECT 'key/' || id, created_at, '',
  CAST(json_object('tenant', tenant, 'scope', scope, 'name', name, 'secretHash', secret_hash,
    'createdAt', created_at, 'expiresAt', expires_at) AS BLOB)
FROM api_keys;

INSERT INTO key_uses SELECT id, last_used_at FROM api_keys WHERE last_used_at IS NOT NULL;

DROP TABLE revisions;

DROP TABLE function_revisions;

DROP TABLE aliases;

DROP TABLE live_moves;

DROP TABLE api_keys;
