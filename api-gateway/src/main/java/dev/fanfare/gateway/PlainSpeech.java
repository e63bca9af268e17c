package dev.fanfare.gateway;

import dev.fanfare.channel.EventKind;
import dev.fanfare.channel.EventReader;
import dev.fanfare.channel.EventWriter;
import dev.fanfare.channel.MalformedEvents;
import dev.fanfare.channel.RemoteFault;
import dev.fanfare.channel.Window;
import dev.fanfare.function.Channel;
import dev.fanfare.protocol.Payload;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Any WebSocket client: a text message is an item in JSON, a binary one an item of bytes, an empty
 * text says that no more come. The gateway keeps the channel's end for it: what the function may
 * send goes by what the socket takes, and the socket is not read while the function has no room.
 */
final class PlainSpeech implements Speech {
  private static final byte[] NOTHING = {};

  private final ChannelCall call;
  private final Payload argument;
  private final Window window = new Window();
  private long room = Window.FIRST;
  private boolean ended;
  private boolean stopped;
  private @Nullable RemoteFault fault;

  PlainSpeech(ChannelCall call, Payload argument) {
    this.call = call;
    this.argument = argument;
  }

  @Override
  public void opened() {
    call.submit(argument);
  }

  // ---- from the client ----

  @Override
  public void received(Buffer message, boolean text) {
    byte[] content = message.getBytes();
    if (ended) {
      return;
    }
    if (text && content.length == 0) {
      ended = true;
      say(EventKind.END, NOTHING);
    } else if (content.length > Channel.LARGEST_ITEM) {
      call.fail(Problem.tooLarge("an item", Channel.LARGEST_ITEM));
    } else if (!stopped) {
      room -= Window.cost(content.length);
      say(text ? EventKind.JSON : EventKind.BYTES, content);
      if (room <= 0) {
        call.hold(ChannelCall.NO_ROOM);
      }
    }
  }

  @Override
  public boolean closed() {
    if (!ended) {
      ended = true;
      say(EventKind.END, NOTHING);
    }
    say(EventKind.STOP, NOTHING);
    return true;
  }

  private void say(EventKind kind, byte[] content) {
    call.say(new EventWriter().add(kind, 0, content).take());
  }

  // ---- from the function ----

  @Override
  public void said(byte[] events) {
    try {
      var reader = new EventReader(events);
      while (reader.next()) {
        said(reader);
      }
    } catch (MalformedEvents e) {
      call.fail(Problem.of(502, "bad-result", "Bad result", "the worker: " + e.getMessage()));
    }
  }

  private void said(EventReader event) {
    if (event.channel() != 0) {
      if (event.kind() == EventKind.OPEN) {
        refuse(event.channel());
      }
      return;
    }
    switch (event.kind()) {
      case JSON -> item(call.socket().writeTextMessage(text(event)), event.count());
      case BYTES ->
          item(call.socket().writeBinaryMessage(Buffer.buffer(event.content())), event.count());
      case CREDIT -> {
        room = Math.min(1L << 40, room + Math.min(event.credit(), 1L << 40));
        if (room > 0) {
          call.release(ChannelCall.NO_ROOM);
        }
      }
      case END -> call.socket().writeTextMessage("");
      case STOP -> stop();
      case ERROR -> {
        fault = RemoteFault.read(event.content());
        stop();
      }
      case OPEN -> {}
    }
  }

  /** The function may send as much as the socket has taken. */
  private void item(Future<Void> written, int bytes) {
    if (!window.arrived(bytes)) {
      throw MalformedEvents.noRoom(0);
    }
    written.onSuccess(
        done -> {
          long credit = window.taken(bytes);
          if (credit > 0) {
            call.say(new EventWriter().credit(0, credit).take());
          }
        });
  }

  private void stop() {
    stopped = true;
    call.release(ChannelCall.NO_ROOM);
  }

  /** Such a client has one channel. */
  private void refuse(int channel) {
    call.say(new EventWriter().add(EventKind.END, channel).add(EventKind.STOP, channel).take());
  }

  private static String text(EventReader event) {
    return new String(event.content(), StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable Problem ended(@Nullable Problem problem) {
    RemoteFault told = fault;
    return problem != null || told == null
        ? problem
        : Problem.of(500, told.code(), "The function closed the channel", told.message());
  }
}
