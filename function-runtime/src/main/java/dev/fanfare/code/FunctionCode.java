package dev.fanfare.code;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.function.Channel;
import dev.fanfare.function.Invocation;
import dev.fanfare.json.Arguments;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.Misfit;
import dev.fanfare.json.Results;
import dev.fanfare.protocol.FunctionSpec;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One function's method: binds a body to its parameters and calls it. Thread-safe. */
final class FunctionCode {

  /** Where a method that is not static finds its object. */
  interface Owners {
    Object of(Class<?> type) throws Throwable;
  }

  private final Method method;
  private final Owners objects;
  private final Arguments arguments;

  private FunctionCode(FunctionSpec spec, Method method, JsonMapper json, Owners objects) {
    this.method = method;
    this.objects = objects;
    this.arguments = new Arguments(json, spec.parameters(), method.getGenericParameterTypes());
  }

  /** The function of the manifest, with its class loaded but not initialised. */
  static LoadedFunction find(
      FunctionSpec spec, ClassLoader classes, JsonMapper json, Owners objects) throws MissingCode {
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
        return loaded(spec, method, json, objects);
      }
    }
    throw new MissingCode(
        spec.className() + " has no method " + spec.methodName() + spec.methodDescriptor());
  }

  private static LoadedFunction loaded(
      FunctionSpec spec, Method method, JsonMapper json, Owners objects) {
    var code = new FunctionCode(spec, method, json, objects);
    Type[] items = channelItems(method);
    return items == null
        ? new CalledCode(code, new Results(json, spec.result(), method.getGenericReturnType()))
        : new ConversingCode(code, json, items[0], items[1]);
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

  /**
   * The values of the parameters for a body.
   *
   * @param channel null if it has none
   * @throws Misfit if the body does not fit
   * @throws IOException if the body cannot be read
   */
  @Nullable Object[] bind(BodySource body, Invocation invocation, @Nullable Channel<?, ?> channel)
      throws IOException {
    return arguments.bind(body, invocation, channel);
  }

  /** Calls the method; what it throws is thrown as it is. */
  @Nullable Object call(@Nullable Object[] values) throws Throwable {
    Object target =
        Modifier.isStatic(method.getModifiers()) ? null : objects.of(method.getDeclaringClass());
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private static String descriptor(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .toMethodDescriptorString();
  }
}
