-- crc: checksum of the row's other values (RowSum); null in rows of older software, which are taken as they are.
ALTER TABLE accepted ADD COLUMN crc BIGINT;

ALTER TABLE attempts ADD COLUMN crc BIGINT;

ALTER TABLE work_kinds ADD COLUMN crc BIGINT;

ALTER TABLE history_functions ADD COLUMN crc BIGINT;

ALTER TABLE invocations ADD COLUMN crc BIGINT;

ALTER TABLE logs ADD COLUMN crc BIGINT;

ALTER TABLE dead_letters ADD COLUMN crc BIGINT;

ALTER TABLE idempotency_keys ADD COLUMN crc BIGINT;

ALTER TABLE directory ADD COLUMN crc BIGINT;

ALTER TABLE epochs ADD COLUMN crc BIGINT;

ALTER TABLE row_counts ADD COLUMN crc BIGINT;
