package dev.fanfare.burst;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Payload;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * A burst over one HTTP exchange: a JSON line in for each item, a line out for each result, as they
 * end. The request is paused while there is no room for more items; results wait while the response
 * is not read. All but the two streams' own callbacks on the dispatcher's context.
 */
final class BatchStream implements Peer {
  /** The longest line of a request, in bytes. */
  static final int LONGEST_LINE = 8 << 20;

  /** The largest result that stands in its line. */
  static final int LARGEST_RESULT = 8 << 20;

  private static final int WRITE_BYTES = 64 * 1024;
  private static final String JSON = "application/json";

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context context;
  private final Dispatcher dispatcher;
  private final Lines lines = new Lines(LONGEST_LINE);
  private Buffer written = Buffer.buffer(WRITE_BYTES);
  private Burst burst;
  private long next;
  private boolean paused;
  private boolean inputEnded;
  private boolean over;

  @SuppressWarnings("NullAway") // the burst is there once it is started, before anything else
  BatchStream(HttpServerRequest request, Context context, Dispatcher dispatcher) {
    this.request = request;
    this.response = request.response();
    this.context = context;
    this.dispatcher = dispatcher;
  }

  /** Starts to read and answers with the head; only on the connection's context, in its tick. */
  void start(Burst started) {
    burst = started;
    response.setChunked(true);
    response.exceptionHandler(broken -> dispatcher.run(this::gone));
    response.closeHandler(closed -> dispatcher.run(this::gone));
    request.exceptionHandler(broken -> dispatcher.run(this::gone));
    request.handler(chunk -> dispatcher.run(() -> received(chunk.getBytes())));
    request.endHandler(end -> dispatcher.run(this::requestEnded));
    response.writeHead();
    dispatcher.run(burst::begin);
  }

  private void received(byte[] chunk) {
    lines.add(chunk);
    takeLines();
  }

  private void requestEnded() {
    lines.end();
    takeLines();
  }

  private void takeLines() {
    while (!over && burst.takes()) {
      List<Lines.Line> line = lines.next();
      if (line.isEmpty()) {
        break;
      }
      take(line.getFirst());
    }
    if (lines.finished() && !inputEnded) {
      inputEnded = true;
      burst.endInput();
    }
    pause(!lines.exhausted() || !burst.takes());
  }

  private void take(Lines.Line line) {
    long index = next++;
    switch (line) {
      case Lines.Line.TooLong tooLong ->
          burst.refuse(
              index,
              line.number(),
              refusal(
                  "line-too-long",
                  "line "
                      + line.number()
                      + " is longer than the limit of "
                      + ByteSizes.format(LONGEST_LINE)));
      case Lines.Line.Text text ->
          JsonCheck.problem(text.bytes())
              .ifPresentOrElse(
                  problem ->
                      burst.refuse(
                          index,
                          line.number(),
                          refusal(
                              "bad-line", "line " + line.number() + " is not JSON: " + problem)),
                  () -> burst.take(index, line.number(), new Payload.Inline(JSON, text.bytes())));
    }
  }

  private static Fault refusal(String type, String message) {
    return new Fault(FailureCode.REJECTED, type, message, "", 0);
  }

  private void pause(boolean wanted) {
    if (wanted != paused && !inputEnded) {
      paused = wanted;
      onConnection(wanted ? request::pause : request::resume);
    }
  }

  private void gone() {
    if (!over) {
      over = true;
      burst.peerGone();
    }
  }

  // ---- Peer ----

  @Override
  public boolean full() {
    return response.writeQueueFull();
  }

  @Override
  public long largestResult() {
    return LARGEST_RESULT;
  }

  @Override
  public void deliver(Ended ended) {
    ResultLines.append(written, ended);
    if (written.length() >= WRITE_BYTES) {
      flush();
    }
  }

  @Override
  public void flush() {
    if (over) {
      return;
    }
    boolean blocked = full();
    if (written.length() > 0) {
      Buffer out = written;
      written = Buffer.buffer(WRITE_BYTES);
      onConnection(() -> write(out, blocked));
    } else if (blocked) {
      onConnection(this::awaitRoom);
    }
  }

  private void write(Buffer out, boolean blocked) {
    if (!response.closed() && !response.ended()) {
      response.write(out);
      if (blocked || response.writeQueueFull()) {
        awaitRoom();
      }
    }
  }

  private void awaitRoom() {
    if (response.writeQueueFull()) {
      response.drainHandler(room -> dispatcher.run(burst::drained));
    } else {
      dispatcher.run(burst::drained);
    }
  }

  @Override
  public void roomGrew() {
    takeLines();
  }

  @Override
  public boolean sentElsewhere() {
    return false;
  }

  @Override
  public void ended() {
    flush();
    over = true;
    onConnection(
        () -> {
          if (!response.closed() && !response.ended()) {
            response.end();
          }
        });
  }

  private void onConnection(Runnable work) {
    if (context.equals(Vertx.currentContext())) {
      work.run();
    } else {
      context.runOnContext(hop -> work.run());
    }
  }
}
