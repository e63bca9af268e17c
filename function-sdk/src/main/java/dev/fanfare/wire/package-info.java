/**
 * The messages of a burst's WebSocket, {@code GET /v1/burst-session}: each carries many items or
 * many results. Shared by both ends; not for programs.
 */
@NullMarked
package dev.fanfare.wire;

import org.jspecify.annotations.NullMarked;
