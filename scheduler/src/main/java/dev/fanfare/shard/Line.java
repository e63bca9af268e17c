package dev.fanfare.shard;

import dev.fanfare.protocol.Target;

/** The invocations that run the same target under the same requirements. */
final class Line {
  final Target target;
  final Group group;

  /** The lines of every tenant that the same warm runtimes can serve. */
  final WarmLines warm;

  /** Those of them that are ready. */
  final ReadyQueue ready = new ReadyQueue();

  /** How many are waiting or running; a line without any may be dropped. */
  int live;

  Line(Target target, Group group, WarmLines warm) {
    this.target = target;
    this.group = group;
    this.warm = warm;
  }
}
