package dev.fanfare.capture;

import java.io.IOException;
import java.io.OutputStream;

/** Gives bytes to the capture of the thread that writes them, else to another stream. */
final class RoutedStream extends OutputStream {
  private final boolean error;
  private final OutputStream elsewhere;

  RoutedStream(boolean error, OutputStream elsewhere) {
    this.error = error;
    this.elsewhere = elsewhere;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Capture capture = Captures.current();
    if (capture == null) {
      elsewhere.write(bytes, offset, count);
    } else {
      capture.write(error, bytes, offset, count);
    }
  }

  @Override
  public void flush() throws IOException {
    elsewhere.flush();
  }
}
