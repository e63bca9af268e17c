@NullMarked
package dev.fanfare.shard;

import org.jspecify.annotations.NullMarked;
