/**
 * The queue's pure core: one shard as a deterministic state machine, {@code shard.apply(batch,
 * now)}. No Hazelcast, threads, clock or randomness, so that the same code runs in a seeded
 * simulation.
 */
@NullMarked
package dev.fanfare.shard;

import org.jspecify.annotations.NullMarked;
