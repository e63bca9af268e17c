/** What the nodes of a cluster share beside the queue: the directory, blobs, history. */
@NullMarked
package dev.fanfare.sharing;

import org.jspecify.annotations.NullMarked;
