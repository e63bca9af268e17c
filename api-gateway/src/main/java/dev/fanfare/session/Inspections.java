package dev.fanfare.session;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one worker is being asked about itself. Only on the dispatcher's context. */
final class Inspections {
  /** How long a worker may take to answer. */
  static final int LONGEST_MILLIS = 3_000;

  /** The most questions to one worker at a time. */
  static final int MOST = 64;

  private final Map<Long, Promise<String>> asked = new HashMap<>();
  private long last;

  Future<String> ask(Context context, Link link) {
    if (asked.size() >= MOST) {
      return Future.failedFuture("too many ask for it at this moment");
    }
    long sequence = ++last;
    Promise<String> answer = Promise.promise();
    asked.put(sequence, answer);
    long timer =
        context.owner().setTimer(LONGEST_MILLIS, late -> fail(sequence, "it did not answer"));
    link.send(new Frame.Inspect(sequence));
    return answer.future().onComplete(done -> context.owner().cancelTimer(timer));
  }

  void answered(Frame.Condition condition) {
    Promise<String> answer = asked.remove(condition.sequence());
    if (answer == null) {
      return;
    }
    if (condition.text().length() > Frame.CONDITION_CHARACTERS) {
      answer.fail("it told more than may be told");
    } else {
      answer.complete(condition.text());
    }
  }

  void close(String reason) {
    List.copyOf(asked.keySet()).forEach(sequence -> fail(sequence, reason));
  }

  private void fail(long sequence, String reason) {
    Promise<String> answer = asked.remove(sequence);
    if (answer != null) {
      answer.fail(reason);
    }
  }
}
