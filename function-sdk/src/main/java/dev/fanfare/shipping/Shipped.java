package dev.fanfare.shipping;

import dev.fanfare.function.Fn;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The function that runs a shipped lambda on a worker. Every shipment's jar has this class as its
 * entry.
 */
public final class Shipped {
  /** The function's name; calls name its revision, so that shipments do not meet. */
  public static final String FUNCTION = "shipped";

  private static volatile @Nullable Bound last;

  /** A lambda ready to run, and the bytes it was made from. */
  private record Bound(byte[] lambda, ClassLoader loader, ShippedLambda.Body body) {
    @SuppressWarnings("ReferenceEquality") // a loader is itself
    boolean is(byte[] other, ClassLoader its) {
      return loader == its && Arrays.equals(lambda, other);
    }
  }

  private Shipped() {}

  /**
   * Applies the lambda in the request to the items in it, see {@link Chunk}. What it throws for one
   * of several items is that item's failure; for an item alone it is thrown.
   */
  @Fn(name = FUNCTION)
  public static byte[] call(byte[] request) throws Throwable {
    ByteBuffer in = ByteBuffer.wrap(request);
    byte[] lambda = Chunk.entry(in);
    byte[] item = Chunk.entry(in);
    var bytes = new ByteArrayOutputStream(request.length);
    var out = new DataOutputStream(bytes);
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (!in.hasRemaining()) {
      Chunk.writeValue(out, applied(lambda, item, loader));
      return bytes.toByteArray();
    }
    guarded(lambda, item, loader, out);
    while (in.hasRemaining()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      guarded(lambda, Chunk.entry(in), loader, out);
    }
    return bytes.toByteArray();
  }

  private static void guarded(byte[] lambda, byte[] item, ClassLoader loader, DataOutputStream out)
      throws Throwable {
    byte[] value;
    try {
      value = applied(lambda, item, loader);
    } catch (InterruptedException | OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      Chunk.writeThrown(out, ThrownText.of(e));
      return;
    }
    Chunk.writeValue(out, value);
  }

  private static byte[] applied(byte[] lambda, byte[] item, ClassLoader loader) throws Throwable {
    Object result;
    try {
      result = body(lambda, loader).apply(item, loader);
    } catch (NoClassDefFoundError | ClassNotFoundException e) {
      throw missing(e);
    }
    try {
      return Values.write(result);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the lambda returned a value that is not serialisable: " + e.getMessage(), e);
    }
  }

  /** A class that the lambda's code does not name, but reached for all the same. */
  private static Throwable missing(Throwable missing) {
    String message = String.valueOf(missing.getMessage());
    if (message.contains(" ")) {
      return missing;
    }
    var named =
        new NoClassDefFoundError(
            "the class "
                + message.replace('/', '.')
                + " is missing on the worker: it did not travel with the lambda, whose code does"
                + " not name it but reaches it by reflection or in a text; name it in the lambda's"
                + " code ("
                + simpleName(message)
                + ".class), or deploy a jar that has it");
    named.initCause(missing);
    return named;
  }

  private static String simpleName(String name) {
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1)
        .replace('$', '.');
  }

  /** Items of one burst carry the same lambda, so the last one is kept bound. */
  private static ShippedLambda.Body body(byte[] lambda, ClassLoader loader)
      throws ReflectiveOperationException, IOException {
    Bound bound = last;
    if (bound == null || !bound.is(lambda, loader)) {
      bound = new Bound(lambda, loader, ShippedLambda.read(lambda).bind(loader));
      last = bound;
    }
    return bound.body();
  }
}
