package dev.fanfare.gateway;

import dev.fanfare.channel.EventKind;
import dev.fanfare.channel.EventReader;
import dev.fanfare.channel.EventWriter;
import dev.fanfare.channel.MalformedEvents;
import dev.fanfare.protocol.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps channels' ends itself, as ours does: binary messages are events, passed on as
 * they are. The first event is the argument; the last message, in text, tells how it ended.
 */
final class EventSpeech implements Speech {
  /** A client that keeps its word never has more on its way. */
  private static final long MOST_UNREAD_BYTES = 256L << 20;

  private final ChannelCall call;
  private boolean begun;
  private long unread;

  EventSpeech(ChannelCall call) {
    this.call = call;
  }

  @Override
  public void opened() {}

  @Override
  public void received(Buffer message, boolean text) {
    if (text) {
      call.fail(Problem.badRequest("binary messages are expected, each of events"));
      return;
    }
    byte[] events = message.getBytes();
    if (begun) {
      call.say(events);
      return;
    }
    begun = true;
    try {
      var reader = new EventReader(events);
      if (!reader.next() || reader.kind() != EventKind.OPEN || reader.channel() != 0) {
        throw new Refused(Problem.badRequest("the first event opens channel 0 with the argument"));
      }
      if (reader.count() > Payload.INLINE_LIMIT) {
        throw new Refused(Problem.tooLarge("the argument of a channel", Payload.INLINE_LIMIT));
      }
      call.submit(new Payload.Inline("application/json", reader.content()));
      String told = JsonText.object().put("invocation", call.id().toString()).toString();
      byte[] began = told.getBytes(StandardCharsets.UTF_8);
      said(new EventWriter().add(EventKind.OPEN, 0, began).take());
      if (reader.hasMore()) {
        call.say(reader.rest());
      }
    } catch (MalformedEvents e) {
      call.fail(Problem.badRequest(String.valueOf(e.getMessage())));
    } catch (Refused e) {
      call.fail(e.problem());
    }
  }

  @Override
  public void said(byte[] events) {
    unread += events.length;
    if (unread > MOST_UNREAD_BYTES) {
      call.fail(Problem.badRequest("what the function sent is not read"));
      return;
    }
    call.socket()
        .writeBinaryMessage(Buffer.buffer(events))
        .onComplete(written -> unread -= events.length);
  }

  @Override
  public @Nullable Problem ended(@Nullable Problem problem) {
    call.socket()
        .writeTextMessage(
            problem == null ? JsonText.object().put("status", 200).toString() : problem.text());
    return problem;
  }

  @Override
  public boolean closed() {
    return false;
  }
}
