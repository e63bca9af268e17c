package dev.fanfare.shipping;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A lambda made ready to travel: the jar of the classes it needs, the same bytes for the same code,
 * and the lambda itself with its captured values, which goes along with every item. Immutable.
 */
public final class Shipment {
  private final SortedMap<String, byte[]> classes;
  private final byte[] lambda;
  private final ClassLoader loader;

  private Shipment(SortedMap<String, byte[]> classes, byte[] lambda, ClassLoader loader) {
    this.classes = classes;
    this.lambda = lambda;
    this.loader = loader;
  }

  /**
   * Makes a lambda ready.
   *
   * @throws IllegalArgumentException if it captures something that is not serialisable, which is
   *     named, or needs more than 5,000 classes
   */
  public static Shipment of(RemoteFunction<?, ?> function) {
    ClassLoader loader = loaderOf(function.getClass());
    SerializedLambda lambda = serialized(function);
    if (lambda == null) {
      throw new IllegalArgumentException(
          function.getClass().getName()
              + " is no lambda or method reference: write n -> function.apply(n)");
    }
    String method = lambda.getImplMethodName() + lambda.getImplMethodSignature();
    SortedMap<String, byte[]> classes = ClassClosure.of(loader, lambda.getImplClass(), method);
    var captured = new ArrayList<String>();
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      Object value = lambda.getCapturedArg(i);
      if (value != null) {
        captured.add(value.getClass().getName().replace('.', '/'));
      }
    }
    var all = new TreeMap<>(classes);
    all.putAll(ClassClosure.of(loader, captured));
    ClassFile holder = ClassFile.parse(bytesOf(lambda.getImplClass(), loader));
    return new Shipment(all, ShippedLambda.of(lambda, holder).write(), loader);
  }

  /** The names of the classes that travel, with slashes, sorted. */
  public List<String> classNames() {
    return List.copyOf(classes.keySet());
  }

  /** The jar to deploy: the classes and {@link Shipped}, whose function runs the lambda. */
  public byte[] jar() {
    SortedMap<String, byte[]> entries = new TreeMap<>(classes);
    String entry = Shipped.class.getName().replace('.', '/');
    entries.put(entry, bytesOf(entry, Shipment.class.getClassLoader()));
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        out.putNextEntry(stored(each.getKey() + ".class", each.getValue()));
        out.write(each.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a jar cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The request body for one item.
   *
   * @throws IllegalArgumentException if the item is not serialisable
   */
  public byte[] request(@Nullable Object item) {
    try {
      return Shipped.request(lambda, Values.write(item));
    } catch (IOException e) {
      throw new IllegalArgumentException("an item is not serialisable: " + e.getMessage(), e);
    }
  }

  /**
   * What the lambda returned, from the response body; only classes of the JDK and those shipped are
   * read.
   */
  public @Nullable Object result(byte[] response) {
    return Values.read(response, loader, allowed());
  }

  private String allowed() {
    Set<String> shipped =
        classes.keySet().stream().map(n -> n.replace('/', '.')).collect(Collectors.toSet());
    return String.join(";", shipped)
        + ";java.lang.*;java.util.*;java.math.*;java.time.*;java.net.URI;!*";
  }

  /** The entry is the same for the same bytes: no time stamp, not compressed. */
  private static ZipEntry stored(String name, byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    var entry = new ZipEntry(name);
    entry.setTimeLocal(java.time.LocalDateTime.of(2000, 1, 1, 0, 0));
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(crc.getValue());
    return entry;
  }

  private static @Nullable SerializedLambda serialized(RemoteFunction<?, ?> function) {
    try {
      Method writeReplace = function.getClass().getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      return writeReplace.invoke(function) instanceof SerializedLambda lambda ? lambda : null;
    } catch (NoSuchMethodException e) {
      return null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalArgumentException(
          "this lambda does not let itself be read: " + e.getMessage(), e);
    }
  }

  private static byte[] bytesOf(String className, ClassLoader loader) {
    try (InputStream in = loader.getResourceAsStream(className + ".class")) {
      if (in == null) {
        throw new IllegalArgumentException(
            "the class file of "
                + className.replace('/', '.')
                + " is not to be found, so it cannot travel");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the class " + className, e);
    }
  }

  private static ClassLoader loaderOf(Class<?> type) {
    ClassLoader own = type.getClassLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }
}
