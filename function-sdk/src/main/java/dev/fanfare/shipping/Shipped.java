package dev.fanfare.shipping;

import dev.fanfare.function.Fn;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The function that runs a shipped lambda on a worker. Every shipment's jar has this class as its
 * entry.
 */
public final class Shipped {
  /** The function's name; calls name its revision, so that shipments do not meet. */
  public static final String FUNCTION = "shipped";

  private static volatile Bound last = new Bound(new byte[0], null);

  private record Bound(byte[] lambda, @org.jspecify.annotations.Nullable MethodHandle body) {}

  private Shipped() {}

  /** Applies the lambda in the request to the item in it. */
  @Fn(name = FUNCTION)
  public static byte[] call(byte[] request) throws Throwable {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    int length = ByteBuffer.wrap(request).getInt();
    byte[] lambda = Arrays.copyOfRange(request, 4, 4 + length);
    Object item = Values.read(Arrays.copyOfRange(request, 4 + length, request.length), loader, "*");
    return Values.write(body(lambda, loader).invoke(item));
  }

  static byte[] request(byte[] lambda, byte[] item) {
    return ByteBuffer.allocate(4 + lambda.length + item.length)
        .putInt(lambda.length)
        .put(lambda)
        .put(item)
        .array();
  }

  /** Items of one burst carry the same lambda, so the last one is kept bound. */
  private static MethodHandle body(byte[] lambda, ClassLoader loader)
      throws ReflectiveOperationException {
    Bound bound = last;
    MethodHandle body = bound.body();
    if (body == null || !Arrays.equals(bound.lambda(), lambda)) {
      body = ShippedLambda.read(lambda).bind(loader);
      last = new Bound(lambda, body);
    }
    return body;
  }
}
