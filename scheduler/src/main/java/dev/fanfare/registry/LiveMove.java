package dev.fanfare.registry;

import dev.fanfare.protocol.RevisionId;
import java.time.Instant;

/** Where {@code live} points since when, or pointed. */
record LiveMove(RevisionId revision, Instant movedAt) {}
