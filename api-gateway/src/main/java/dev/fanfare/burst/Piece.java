package dev.fanfare.burst;

import dev.fanfare.protocol.Payload;

/**
 * One item on its way.
 *
 * @param line of the request that it stood in, 0 where there are no lines
 * @param receivedAt epoch microseconds
 */
record Piece(long index, long line, Payload payload, long receivedAt) {}
