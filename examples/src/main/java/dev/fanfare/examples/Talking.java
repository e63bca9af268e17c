package dev.fanfare.examples;

import dev.fanfare.function.Channel;
import dev.fanfare.function.Fn;

/** Functions that are opened and talked with. */
public class Talking {
  /** Says everything back, with the room's name before it. */
  @Fn(timeout = "1h")
  public void chat(String room, Channel<String, String> channel) {
    for (String line : channel) {
      channel.send(room + ": " + line);
    }
  }

  /** Gives bytes back as they come. */
  @Fn(timeout = "1h")
  public void mirror(Channel<byte[], byte[]> channel) {
    for (byte[] block : channel) {
      channel.send(block);
    }
  }

  /** Sends so many blocks of bytes. */
  @Fn(timeout = "1h")
  public void pour(int blocks, int size, Channel<String, byte[]> channel) {
    byte[] block = new byte[size];
    for (int i = 0; i < blocks; i++) {
      channel.send(block);
    }
  }
}
