package dev.fanfare.code;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.channel.Conversation;
import dev.fanfare.function.Channel;
import dev.fanfare.function.Invocation;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.FunctionJson;
import dev.fanfare.json.Texts;
import dev.fanfare.source.MainMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * A source whose {@code main} takes a channel: it is opened, not called. Its items may be of the
 * source's own types, so every run reads and writes them with a mapper of its own.
 */
final class SourceTalk implements LoadedFunction.Conversing {
  private final Classes compiled;
  private final ClassLoader platform;
  private final String file;

  /** Where the compiled source is found. */
  interface Classes {
    Path jar() throws IOException;
  }

  SourceTalk(Classes compiled, ClassLoader platform, String file) {
    this.compiled = compiled;
    this.platform = platform;
    this.file = file;
  }

  @Override
  public Conversation conversation(Conversation.Outlet outlet, Executor callbacks) {
    JsonMapper json = FunctionJson.mapper();
    return new Conversation(Conversation.Side.FUNCTION, outlet, json, callbacks);
  }

  @Override
  public void converse(BodySource body, Invocation invocation, Conversation conversation)
      throws Throwable {
    String[] arguments = Texts.read(body).toArray(String[]::new);
    try (var classes = new JarClasses(null, compiled.jar(), platform)) {
      Class<?> type = Class.forName(classes.mainClass(), false, classes);
      MainMethod main = MainMethod.withChannel(type, file);
      Channel<?, ?> channel = conversation.first(main.items()[0], main.items()[1]);
      conversation.begin();
      new MainThread(classes).run(() -> main.call(type, arguments, channel));
      conversation.awaitCallbacks(); // they may need classes that are not loaded yet
    }
  }
}
