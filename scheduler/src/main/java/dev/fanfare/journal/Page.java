package dev.fanfare.journal;

import dev.fanfare.protocol.Sha256;

/**
 * Some items of a burst, or some results, in a blob.
 *
 * @param count how many
 */
public record Page(Sha256 hash, long count) {}
