/** What all nodes of a cluster know alike, entry by entry, the latest write winning. */
@NullMarked
package dev.fanfare.directory;

import org.jspecify.annotations.NullMarked;
