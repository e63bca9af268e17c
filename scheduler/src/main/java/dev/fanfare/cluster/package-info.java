/**
 * The scheduler on a cluster: shards as Hazelcast entries, and the node that holds all its parts.
 */
@NullMarked
package dev.fanfare.cluster;

import org.jspecify.annotations.NullMarked;
