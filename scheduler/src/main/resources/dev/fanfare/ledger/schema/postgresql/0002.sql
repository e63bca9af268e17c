-- fence_floor: the holder leases it under fences above this; an end under a lower one is of an attempt that
-- was given up, and only the holder may write it.
ALTER TABLE accepted ADD COLUMN fence_floor BIGINT NOT NULL DEFAULT 0;
