package dev.fanfare.client;

import dev.fanfare.wire.ResultKind;

/** A result as it came. */
record RawResult(long index, ResultKind kind, byte[] content) {}
