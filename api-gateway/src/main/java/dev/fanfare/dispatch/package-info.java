/**
 * Between callers, shards and workers: batches what one tick of the event loop brings into one
 * operation per shard, and routes what the shards answer. All state belongs to one event-loop
 * context.
 */
@NullMarked
package dev.fanfare.dispatch;

import org.jspecify.annotations.NullMarked;
