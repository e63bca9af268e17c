package dev.fanfare.code;

import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.Objects;
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
  private final Arguments arguments;
  private final Results results;

  private FunctionCode(FunctionSpec spec, Method method, JsonMapper json, Owners objects) {
    this.spec = spec;
    this.method = method;
    this.objects = objects;
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
    return write(call(bind(body, invocation)), sink);
  }

  /**
   * The values of the parameters for a body.
   *
   * @throws Misfit if the body does not fit
   * @throws IOException if the body cannot be read
   */
  public @Nullable Object[] bind(BodySource body, Invocation invocation) throws IOException {
    return arguments.bind(body, invocation);
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
