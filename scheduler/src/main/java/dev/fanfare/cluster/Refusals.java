package dev.fanfare.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Hazelcast logs while a member joins, held back until the end: why it was refused is told
 * nowhere else.
 */
final class Refusals extends Handler implements AutoCloseable {
  private static final Pattern OTHER_NAME =
      Pattern.compile("could not join cluster at node: \\[(.*?)]:(\\d+) .*different cluster-name");
  private static final Pattern OTHER_SHARDS =
      Pattern.compile("Incompatible partition count! expected: (\\d+), found: (\\d+)");
  private static final Pattern OTHER =
      Pattern.compile("could not join cluster.*mismatch was detected: (.*) Node is going");

  private final List<LogRecord> held = new CopyOnWriteArrayList<>();

  private Refusals() {
    setLevel(Level.ALL);
  }

  /** Listens until it is closed. */
  static Refusals listen() {
    var refusals = new Refusals();
    MemberSettings.HAZELCAST_LOG.addHandler(refusals);
    MemberSettings.HAZELCAST_LOG.setUseParentHandlers(false);
    return refusals;
  }

  /** Why the member was refused, if it was. */
  Optional<String> inWords() {
    return held.stream()
        .map(entry -> String.valueOf(entry.getMessage()))
        .map(Refusals::inWords)
        .flatMap(Optional::stream)
        .findFirst();
  }

  @Override
  public void publish(LogRecord entry) {
    held.add(entry);
  }

  @Override
  public void flush() {}

  /** What was held back is logged, unless it said why the member was refused. */
  @Override
  public void close() {
    MemberSettings.HAZELCAST_LOG.removeHandler(this);
    MemberSettings.HAZELCAST_LOG.setUseParentHandlers(true);
    if (inWords().isEmpty()) {
      held.forEach(MemberSettings.HAZELCAST_LOG::log);
    }
  }

  private static Optional<String> inWords(String message) {
    Matcher name = OTHER_NAME.matcher(message);
    if (name.find()) {
      return Optional.of(
          "the member at %s:%s is of another cluster: its name (--cluster) or its key differs"
              .formatted(name.group(1), name.group(2)));
    }
    Matcher shards = OTHER_SHARDS.matcher(message);
    if (shards.find()) {
      return Optional.of(
          "the cluster has %s shards and this node is set to %s; start it with --shards %1$s"
              .formatted(shards.group(1), shards.group(2)));
    }
    Matcher other = OTHER.matcher(message);
    return other.find()
        ? Optional.of("the cluster refused it: " + other.group(1))
        : Optional.empty();
  }
}
