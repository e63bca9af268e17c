package dev.fanfare.dispatch;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;

/** What a warm runtime is warm for. */
record WarmKey(RevisionId revision, FunctionName function) {}
