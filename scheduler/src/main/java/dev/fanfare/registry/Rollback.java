package dev.fanfare.registry;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;

/** A function's {@code live} alias went back from one revision to the one that served before it. */
public record Rollback(FunctionName function, RevisionId from, RevisionId to) {}
