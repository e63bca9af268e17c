package dev.fanfare.client;

import dev.fanfare.wire.MessageKind;
import dev.fanfare.wire.MessageReader;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Puts messages together from their pieces and hands each on. Called by one thread at a time. */
final class Incoming implements WebSocket.Listener {
  private static final int LARGEST_MESSAGE = 16 << 20;

  private final Heard heard;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /** Who is told what comes. */
  interface Heard {
    /** The socket is open; nothing came yet. */
    void opened(WebSocket socket);

    /** Anything came, perhaps only a ping. */
    void heard();

    /** A message; the next comes after {@link WebSocket#request}. */
    void message(MessageKind kind, MessageReader message);

    /** Nothing comes any more. */
    void closed(String why);
  }

  Incoming(Heard heard) {
    this.heard = heard;
  }

  @Override
  public void onOpen(WebSocket socket) {
    heard.opened(socket);
    socket.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    heard.heard();
    byte[] piece = new byte[data.remaining()];
    data.get(piece);
    if (begun.size() + piece.length > LARGEST_MESSAGE) {
      heard.closed("a message of more than " + LARGEST_MESSAGE + " bytes came");
      socket.abort();
      return null;
    }
    byte[] message = piece;
    if (begun.size() > 0 || !last) {
      begun.write(piece, 0, piece.length);
      if (!last) {
        socket.request(1);
        return null;
      }
      message = begun.toByteArray();
      begun.reset();
    }
    try {
      var reader = new MessageReader(message);
      heard.message(reader.kind(), reader);
    } catch (RuntimeException e) {
      heard.closed("the platform sent what cannot be read: " + e.getMessage());
      socket.abort();
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    heard.heard();
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    heard.closed(reason.isEmpty() ? "the connection was closed" : reason);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    String message = error.getMessage();
    heard.closed(message == null ? error.getClass().getSimpleName() : message);
  }
}
