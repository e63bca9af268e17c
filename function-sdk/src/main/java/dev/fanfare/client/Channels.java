package dev.fanfare.client;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Opens channels with functions. Thread-safe. */
final class Channels {
  /** Channels' callbacks, each of which may take long. */
  private static final Executor CALLBACKS =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "fanfare-callback");
            thread.setDaemon(true);
            return thread;
          });

  private final Connection connection;
  private final JsonMapper json;

  Channels(Connection connection, JsonMapper json) {
    this.connection = connection;
    this.json = json;
  }

  /**
   * Opens one.
   *
   * @param argument for the parameters besides the channel, null if there are none
   */
  <I, O> OpenChannel<I, O> open(
      String function, Class<I> in, Class<O> out, @Nullable Object argument, CallOptions options) {
    Names.checkFunction(function);
    byte[] body =
        argument == null
            ? new byte[0]
            : new Bodies<>(json, json.constructType(Object.class)).json(argument);
    ChannelLink link = ChannelLink.open(connection, json, CALLBACKS, function, body, options);
    return new OpenChannel<>(link.conversation().first(in, out), link);
  }

  /** Opens one for bytes, both ways. */
  OpenChannel<byte[], byte[]> open(String function, Object argument, CallOptions options) {
    return open(function, byte[].class, byte[].class, argument, options);
  }
}
