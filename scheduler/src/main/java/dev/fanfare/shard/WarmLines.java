package dev.fanfare.shard;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import java.util.ArrayList;
import java.util.List;

/** The lines that a warm runtime of one function of one revision can serve. */
final class WarmLines {
  final Key key;
  final List<Line> lines = new ArrayList<>(1);

  WarmLines(Key key) {
    this.key = key;
  }

  /** What a runtime is warm for. */
  record Key(RevisionId revision, FunctionName function) {}
}
