package dev.fanfare.shard;

import java.util.ArrayList;
import java.util.List;

/** The lines that a warm runtime of one function of one revision can serve. */
final class WarmLines {
  final WarmKey key;
  final List<Line> lines = new ArrayList<>(1);

  WarmLines(WarmKey key) {
    this.key = key;
  }
}
