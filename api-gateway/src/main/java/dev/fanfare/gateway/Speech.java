package dev.fanfare.gateway;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What a client's WebSocket messages mean. Belongs to the connection's event loop. */
sealed interface Speech permits EventSpeech, PlainSpeech {

  /** The socket is open. */
  void opened();

  /** The client sent a message. */
  void received(Buffer message, boolean text);

  /** The function said something. */
  void said(byte[] events);

  /**
   * The invocation has ended; what the client is told goes before the socket is closed.
   *
   * @param problem null when the function returned
   * @return the problem that the socket is closed with, null for none
   */
  @Nullable Problem ended(@Nullable Problem problem);

  /**
   * The client closed the socket in order.
   *
   * @return whether the function is told, and may end by itself
   */
  boolean closed();
}
