package dev.fanfare.shard;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;

/** One function of one revision: what a runtime is warm for. */
public record WarmKey(RevisionId revision, FunctionName function) {}
