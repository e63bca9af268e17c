/** The dispatcher on shards in memory and on a real node. */
@NullMarked
package dev.fanfare.dispatch;

import org.jspecify.annotations.NullMarked;
