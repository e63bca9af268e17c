package dev.fanfare.code;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.channel.Conversation;
import dev.fanfare.function.Invocation;
import dev.fanfare.json.BodySource;
import java.lang.reflect.Type;
import java.util.concurrent.Executor;

/**
 * A method with a channel.
 *
 * @param in what its channel takes in
 * @param out what its channel gives out
 */
record ConversingCode(FunctionCode code, JsonMapper json, Type in, Type out)
    implements LoadedFunction.Conversing {

  @Override
  public Conversation conversation(Conversation.Outlet outlet, Executor callbacks) {
    return new Conversation(Conversation.Side.FUNCTION, outlet, json, callbacks);
  }

  @Override
  public void converse(BodySource body, Invocation invocation, Conversation conversation)
      throws Throwable {
    var values = code.bind(body, invocation, conversation.first(in, out));
    conversation.begin();
    code.call(values);
  }
}
