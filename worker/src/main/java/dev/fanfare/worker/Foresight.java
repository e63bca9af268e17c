package dev.fanfare.worker;

import dev.fanfare.cache.Revisions;
import dev.fanfare.frame.Frame;
import dev.fanfare.process.BlankRuntimes;
import dev.fanfare.protocol.RevisionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes runtimes ready before they are needed: for revisions that were just deployed, and for
 * functions that say how many they keep warm. Only on the agent's context.
 */
final class Foresight {
  private static final Logger log = LoggerFactory.getLogger(Foresight.class);

  private final Revisions revisions;
  private final BlankRuntimes blanks;
  private final Hosts hosts;
  private boolean stopped;

  Foresight(Revisions revisions, BlankRuntimes blanks, Hosts hosts) {
    this.revisions = revisions;
    this.blanks = blanks;
    this.hosts = hosts;
  }

  /** Fetches the revision and, while a blank runtime is to be had, lets it become its host. */
  void prepare(RevisionId id) {
    if (stopped) {
      return;
    }
    revisions
        .get(id)
        .onSuccess(
            revision -> {
              if (!stopped && blanks.available()) {
                hosts.prepare(revision);
              }
            })
        .onFailure(failure -> log.debug("revision {} could not be fetched ahead", id, failure));
  }

  /** Takes the worker's share in the runtimes of functions that say how many there are. */
  void scale(Frame.Scaling scaling) {
    hosts.share(scaling);
    for (Frame.Warm least : scaling.least()) {
      var key = new FunctionKey(least.revision(), least.function());
      revisions
          .get(least.revision())
          .onSuccess(revision -> hosts.known(key, revision))
          .onSuccess(known -> keepWarm())
          .onFailure(failure -> log.debug("{} could not be fetched ahead", key, failure));
    }
  }

  /** Starts what is missing of those that are to be warm. */
  void keepWarm() {
    if (!stopped) {
      hosts.keepWarm();
    }
  }

  /** Nothing is made ready any more. */
  void stop() {
    stopped = true;
  }
}
