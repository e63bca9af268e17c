package dev.fanfare.code;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.channel.Conversation;
import dev.fanfare.function.Channel;
import dev.fanfare.function.Invocation;
import dev.fanfare.json.Arguments;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.Misfit;
import dev.fanfare.json.ResultSink;
import dev.fanfare.json.Results;
import dev.fanfare.json.UnusableResult;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Payload;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One function: binds a body to its parameters, calls it, writes what it returns. Thread-safe. */
final class FunctionCode implements LoadedFunction {

  /** Where a method that is not static finds its object. */
  interface Owners {
    Object of(Class<?> type) throws Throwable;
  }

  private final FunctionSpec spec;
  private final Method method;
  private final Owners objects;
  private final JsonMapper json;
  private final Type @Nullable [] channelItems;
  private final Arguments arguments;
  private final Results results;

  private FunctionCode(FunctionSpec spec, Method method, JsonMapper json, Owners objects) {
    this.spec = spec;
    this.method = method;
    this.objects = objects;
    this.json = json;
    this.channelItems = channelItems(method);
    this.arguments = new Arguments(json, spec.parameters(), method.getGenericParameterTypes());
    this.results = new Results(json, spec.result(), method.getGenericReturnType());
  }

  static FunctionCode find(FunctionSpec spec, ClassLoader classes, JsonMapper json, Owners objects)
      throws MissingCode {
    Class<?> type;
    try {
      type = Class.forName(spec.className(), false, classes);
    } catch (ClassNotFoundException e) {
      throw new MissingCode("the jar has no class " + spec.className());
    }
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(spec.methodName())
          && descriptor(method).equals(spec.methodDescriptor())) {
        method.setAccessible(true);
        return new FunctionCode(spec, method, json, objects);
      }
    }
    throw new MissingCode(
        spec.className() + " has no method " + spec.methodName() + spec.methodDescriptor());
  }

  /** What the manifest says of it. */
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public Payload call(BodySource body, Invocation invocation, ResultSink sink) throws Throwable {
    return write(call(bind(body, invocation, null)), sink);
  }

  @Override
  public void converse(BodySource body, Invocation invocation, Conversation conversation)
      throws Throwable {
    var values = bind(body, invocation, conversation);
    conversation.begin();
    call(values);
  }

  @Override
  public @Nullable Conversation conversation(Conversation.Outlet outlet, Executor callbacks) {
    return channelItems == null
        ? null
        : new Conversation(Conversation.Side.FUNCTION, outlet, json, callbacks);
  }

  /**
   * The values of the parameters for a body.
   *
   * @param conversation null if it has none
   * @throws Misfit if the body does not fit
   * @throws IOException if the body cannot be read
   */
  public @Nullable Object[] bind(
      BodySource body, Invocation invocation, @Nullable Conversation conversation)
      throws IOException {
    Channel<?, ?> channel =
        conversation == null || channelItems == null
            ? null
            : conversation.first(channelItems[0], channelItems[1]);
    return arguments.bind(body, invocation, channel);
  }

  /** What the channel takes in and gives out; null if there is no channel. */
  private static Type @Nullable [] channelItems(Method method) {
    for (Type type : method.getGenericParameterTypes()) {
      if (type instanceof ParameterizedType generic && generic.getRawType() == Channel.class) {
        return generic.getActualTypeArguments();
      }
    }
    return null;
  }

  /** Calls the method; what it throws is thrown as it is. */
  public @Nullable Object call(@Nullable Object[] values) throws Throwable {
    Object target =
        Modifier.isStatic(method.getModifiers()) ? null : objects.of(method.getDeclaringClass());
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  /**
   * Writes what the method returned.
   *
   * @throws UnusableResult if it is too large or has no such form
   * @throws IOException if a large one cannot be kept
   */
  public Payload write(@Nullable Object value, ResultSink sink) throws IOException {
    return results.write(value, sink);
  }

  private static String descriptor(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .toMethodDescriptorString();
  }
}
