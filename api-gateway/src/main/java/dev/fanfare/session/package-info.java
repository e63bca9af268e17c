/** The gateway's end of worker sessions: opening, resuming, credits, blobs, logs, heartbeats. */
@NullMarked
package dev.fanfare.session;

import org.jspecify.annotations.NullMarked;
