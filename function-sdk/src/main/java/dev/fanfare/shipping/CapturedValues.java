package dev.fanfare.shipping;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lambda's captured values, written: small ones go with every request, large ones into the jar,
 * once.
 */
final class CapturedValues {
  /** A value of more bytes than this goes into the jar. */
  static final int LARGE = 16 * 1024;

  /** All small values together are at most so many bytes; the rest of them goes into the jar. */
  static final int MOST_INSIDE = 20 * 1024;

  private static final String FOLDER = "META-INF/fanfare/captured/";

  private final SerializedLambda lambda;
  private final ClassFile holder;
  private final ClassLoader loader;
  private final SortedMap<String, byte[]> inJar = new TreeMap<>();
  private final List<ShippedLambda.Captured> all = new ArrayList<>();
  private int inside;

  private CapturedValues(SerializedLambda lambda, ClassFile holder, ClassLoader loader) {
    this.lambda = lambda;
    this.holder = holder;
    this.loader = loader;
  }

  static CapturedValues of(SerializedLambda lambda, ClassFile holder, ClassLoader loader) {
    var values = new CapturedValues(lambda, holder, loader);
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      values.all.add(values.placed(values.written(i)));
    }
    return values;
  }

  /** A variable of a shell; where its value goes depends on its size, as of those captured. */
  ShippedLambda.Captured shellVariable(String name, Object value) {
    return placed(written(() -> "uses the variable '" + name + "'", value));
  }

  private ShippedLambda.Captured placed(byte[] value) {
    boolean large = value.length > LARGE || inside + value.length > MOST_INSIDE;
    if (!large) {
      inside += value.length;
    }
    return large ? toJar(value) : new ShippedLambda.Captured.Inside(value);
  }

  /** In the order in which they were captured. */
  List<ShippedLambda.Captured> all() {
    return all;
  }

  /** The large ones by the name of their entry, which comes from their content. */
  SortedMap<String, byte[]> inJar() {
    return inJar;
  }

  private ShippedLambda.Captured toJar(byte[] value) {
    String entry = FOLDER + sha256(value);
    inJar.put(entry, value);
    return new ShippedLambda.Captured.InJar(entry);
  }

  private byte[] written(int index) {
    return written(() -> "captures " + variable(index), lambda.getCapturedArg(index));
  }

  private static byte[] written(Supplier<String> what, @Nullable Object value) {
    try {
      return Values.write(value);
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException(
          ("the lambda %s, which holds a %s, and that is not serialisable: capture a plain"
                  + " value, or make it inside the lambda")
              .formatted(what.get(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("the lambda's captured values cannot be written", e);
    }
  }

  /** The captured variable's name, where the class file keeps it. */
  private String variable(int index) {
    Object value = lambda.getCapturedArg(index);
    boolean instance = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
    if (instance && index == 0) {
      return "'this' (a " + value.getClass().getName() + ")";
    }
    MethodType type =
        MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader);
    int slot = instance ? 1 : 0;
    for (int i = 0; i < (instance ? index - 1 : index); i++) {
      Class<?> parameter = type.parameterType(i);
      slot += parameter == long.class || parameter == double.class ? 2 : 1;
    }
    return holder
        .localName(lambda.getImplMethodName() + lambda.getImplMethodSignature(), slot)
        .map(name -> "the variable '" + name + "'")
        .orElse("a value (number " + (index + 1) + ", a " + value.getClass().getName() + ")");
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
