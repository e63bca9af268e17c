package dev.fanfare.shard;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;

/**
 * How far an asynchronous invocation has come, for its origin to write down, so that a restart
 * knows of its attempts. A later mark of the same invocation replaces an earlier one.
 *
 * @param origin the node that accepted it
 * @param attempts how many were leased
 * @param losses how many of them were lost with their worker
 * @param fence of the latest lease
 * @param dueAt when its next attempt may begin, epoch microseconds
 * @param running whether the latest attempt is under way
 */
public record Mark(
    InvocationId id,
    NodeId origin,
    int attempts,
    int losses,
    long fence,
    long dueAt,
    boolean running) {}
