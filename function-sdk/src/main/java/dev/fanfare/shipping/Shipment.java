package dev.fanfare.shipping;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A lambda made ready to travel: the jar of the classes it needs, the same bytes for the same code
 * and the same large captured values, and the lambda itself with its small captured values, which
 * goes along with every request. Immutable.
 */
public final class Shipment {
  /** These run the lambda on the worker, with the classes inside them. */
  private static final List<Class<?>> RUNNING =
      List.of(
          Shipped.class,
          ShippedLambda.class,
          ShellVariables.class,
          Shippable.class,
          Shared.class,
          Chunk.class,
          ThrownText.class,
          Values.class);

  private final SortedMap<String, byte[]> classes;
  private final SortedMap<String, byte[]> largeValues;
  private final byte[] lambda;
  private final SortedSet<String> shared;
  private final ClassLoader loader;
  private final ObjectInputFilter allowed;

  private Shipment(
      SortedMap<String, byte[]> classes,
      SortedMap<String, byte[]> largeValues,
      byte[] lambda,
      SortedSet<String> shared,
      ClassLoader loader) {
    this.classes = classes;
    this.largeValues = largeValues;
    this.lambda = lambda;
    this.shared = shared;
    this.loader = loader;
    this.allowed = allowed(classes.keySet());
  }

  /**
   * Makes a lambda ready.
   *
   * @param function a lambda or method reference, of {@link Shippable} or the types in it
   * @throws IllegalArgumentException if it captures something that is not serialisable, which is
   *     named, or needs more than 5,000 classes
   */
  public static Shipment of(Serializable function) {
    return of(function, List.of());
  }

  /** The same; items may refer to these shared values, besides those that the lambda captures. */
  public static Shipment of(Serializable function, Collection<Shared<?>> inItems) {
    SortedSet<String> shared = Shared.none();
    inItems.forEach(value -> shared.add(value.hash()));
    try {
      return Shared.seeing(shared, () -> of(function, shared));
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written but to memory", e);
    }
  }

  private static Shipment of(Serializable function, SortedSet<String> shared) {
    ClassLoader loader = loaderOf(function.getClass());
    SerializedLambda lambda = serialized(function);
    if (lambda == null) {
      throw new IllegalArgumentException(
          function.getClass().getName()
              + " is no lambda or method reference: write n -> function.apply(n)");
    }
    String method = lambda.getImplMethodName() + lambda.getImplMethodSignature();
    var classes = new TreeMap<>(ClassClosure.of(loader, lambda.getImplClass(), method));
    var captured = new ArrayList<String>();
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      Object value = lambda.getCapturedArg(i);
      if (value != null) {
        captured.add(value.getClass().getName().replace('.', '/'));
      }
    }
    classes.putAll(ClassClosure.of(loader, captured));
    ClassFile holder = ClassFile.parse(bytesOf(lambda.getImplClass(), loader));
    CapturedValues values = CapturedValues.of(lambda, holder, loader);
    var shipped =
        new ShippedLambda(
            lambda.getImplMethodKind(),
            lambda.getImplClass(),
            lambda.getImplMethodName(),
            lambda.getImplMethodSignature(),
            values.all(),
            ShellVariables.of(
                classes.keySet(), lambda.getImplClass(), loader, values::shellVariable));
    return new Shipment(classes, values.inJar(), shipped.write(), shared, loader);
  }

  /**
   * Makes a static method ready.
   *
   * @param arguments what it is to be called with, which tell overloads apart
   * @throws IllegalArgumentException if the class has no such method, or more than one that fits
   */
  public static Shipment ofMethod(Class<?> type, String name, List<@Nullable Object> arguments) {
    Method method = StaticMethods.find(type, name, arguments);
    String descriptor =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .toMethodDescriptorString();
    String holder = method.getDeclaringClass().getName().replace('.', '/');
    ClassLoader loader = loaderOf(type);
    var classes = new TreeMap<>(ClassClosure.of(loader, holder, name + descriptor));
    List<String> given =
        arguments.stream()
            .filter(Objects::nonNull)
            .map(argument -> argument.getClass().getName().replace('.', '/'))
            .toList();
    classes.putAll(ClassClosure.of(loader, given));
    var shipped =
        new ShippedLambda(
            MethodHandleInfo.REF_invokeStatic, holder, name, descriptor, List.of(), List.of());
    return new Shipment(classes, new TreeMap<>(), shipped.write(), Shared.none(), loader);
  }

  /** The names of the classes that travel, with slashes, sorted. */
  public List<String> classNames() {
    return List.copyOf(classes.keySet());
  }

  /** The lambda as it goes along with every request; at most about 32 KiB. */
  public byte[] lambda() {
    return lambda.clone();
  }

  /**
   * The jar to deploy: the classes, large captured values, and {@link Shipped}, whose function runs
   * the lambda.
   */
  public byte[] jar() {
    SortedMap<String, byte[]> entries = new TreeMap<>(largeValues);
    classes.forEach((name, bytes) -> entries.put(name + ".class", bytes));
    RUNNING.forEach(type -> putRunning(type, entries));
    if (!shared.isEmpty()) {
      entries.put(Shared.ENTRY, (String.join("\n", shared) + "\n").getBytes(US_ASCII));
    }
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        out.putNextEntry(stored(each.getKey(), each.getValue()));
        out.write(each.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a jar cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void putRunning(Class<?> type, SortedMap<String, byte[]> entries) {
    String name = type.getName().replace('.', '/');
    entries.put(name + ".class", bytesOf(name, Shipment.class.getClassLoader()));
    for (Class<?> inside : type.getDeclaredClasses()) {
      putRunning(inside, entries);
    }
  }

  /** The jar's content hash in hexadecimal: shipments with the same one need no second deploy. */
  public static String hash(byte[] jar) {
    return CapturedValues.sha256(jar);
  }

  /**
   * An item as it travels.
   *
   * @throws IllegalArgumentException if it is not serialisable
   */
  public byte[] item(@Nullable Object item) {
    try {
      return written(item);
    } catch (IOException e) {
      throw notSerialisable(e);
    }
  }

  /** The same for a lambda of several arguments. */
  public byte[] items(@Nullable Object... arguments) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      for (Object argument : arguments) {
        byte[] value = written(argument);
        out.writeInt(value.length);
        out.write(value);
      }
    } catch (IOException e) {
      throw notSerialisable(e);
    }
    return bytes.toByteArray();
  }

  /** The request body for some items, see {@link Chunk}. */
  public byte[] request(List<byte[]> items) {
    return Chunk.request(lambda, items);
  }

  /**
   * What the lambda returned for one item, as it travelled; only classes of the JDK and those
   * shipped are read.
   */
  public @Nullable Object result(byte[] value) {
    return Values.read(value, loader, allowed);
  }

  private byte[] written(@Nullable Object value) throws IOException {
    SortedSet<String> seen = Shared.none();
    byte[] bytes = Shared.seeing(seen, () -> Values.write(value));
    if (!shared.containsAll(seen)) {
      throw new IllegalArgumentException(
          "an item refers to a shared value that does not travel with this burst: name it in"
              + " BurstOptions.withShared");
    }
    return bytes;
  }

  private static IllegalArgumentException notSerialisable(IOException e) {
    return new IllegalArgumentException("an item is not serialisable: " + e.getMessage(), e);
  }

  private static ObjectInputFilter allowed(Set<String> classes) {
    Set<String> shipped =
        classes.stream().map(n -> n.replace('/', '.')).collect(Collectors.toSet());
    return Values.filter(
        String.join(";", shipped)
            + ";java.lang.*;java.util.*;java.math.*;java.time.*;java.net.URI;!*");
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

  private static @Nullable SerializedLambda serialized(Serializable function) {
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
