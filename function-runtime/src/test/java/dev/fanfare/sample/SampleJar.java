package dev.fanfare.sample;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fanfare.function.Fn;
import dev.fanfare.function.Invocation;
import dev.fanfare.function.KebabCase;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A jar of {@link Samples} and {@link Troubles} with its manifest, made without the deploying side
 * of the platform.
 */
public record SampleJar(byte[] bytes, RevisionManifest manifest) {
  private static final List<Class<?>> CLASSES = List.of(Samples.class, Troubles.class);

  /** The jar, the same bytes every time. */
  public static SampleJar make() {
    byte[] bytes = jar();
    List<FunctionSpec> functions =
        CLASSES.stream()
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Fn.class))
            .map(SampleJar::spec)
            .sorted(Comparator.comparing(FunctionSpec::name))
            .toList();
    var manifest = new RevisionManifest(Sha256.of(bytes), bytes.length, 25, functions);
    return new SampleJar(bytes, manifest);
  }

  /** The revision's id. */
  public RevisionId id() {
    return Manifests.id(manifest);
  }

  /** Puts manifest and jar into a folder of blobs. */
  public void writeTo(Path blobs) {
    try {
      Files.createDirectories(blobs);
      Files.write(blobs.resolve(id().hash().hex()), Manifests.write(manifest));
      Files.write(blobs.resolve(manifest.artifact().hex()), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] jar() {
    var classes = new ArrayList<>(CLASSES);
    CLASSES.forEach(type -> classes.addAll(List.of(type.getDeclaredClasses())));
    classes.remove(Troubles.Gone.class);
    classes.sort(Comparator.comparing(Class::getName));
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (Class<?> type : classes) {
        String name = type.getName().replace('.', '/') + ".class";
        var entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDate.of(2026, 1, 1).atStartOfDay());
        zip.putNextEntry(entry);
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
          Objects.requireNonNull(in).transferTo(zip);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static FunctionSpec spec(Method method) {
    Fn fn = method.getAnnotation(Fn.class);
    long bodies =
        Arrays.stream(method.getParameterTypes()).filter(t -> t != Invocation.class).count();
    List<FunctionSpec.Parameter> parameters =
        Arrays.stream(method.getParameters())
            .map(p -> new FunctionSpec.Parameter(p.getName(), kind(p, bodies == 1), required(p)))
            .toList();
    var policy =
        new Policy(
            fn.timeout().isEmpty() ? Policy.DEFAULT_TIMEOUT : Durations.parse(fn.timeout()),
            Optional.empty(),
            Optional.empty(),
            fn.concurrency(),
            fn.memory().isEmpty() ? Policy.DEFAULT_MEMORY_BYTES : ByteSizes.parse(fn.memory()),
            new Requirements(List.of(), fn.isolation()));
    String descriptor =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .toMethodDescriptorString();
    var nothing = JsonNodeFactory.instance.objectNode();
    return new FunctionSpec(
        new FunctionName(KebabCase.of(method.getName())),
        method.getDeclaringClass().getName(),
        method.getName(),
        descriptor,
        parameters,
        result(method.getReturnType()),
        policy,
        nothing,
        nothing);
  }

  private static ParameterKind kind(Parameter parameter, boolean alone) {
    Type type = parameter.getParameterizedType();
    if (type == Invocation.class) {
      return ParameterKind.INVOCATION;
    } else if (type == InputStream.class) {
      return ParameterKind.STREAM;
    } else if (!alone) {
      return ParameterKind.FIELD;
    } else if (type == byte[].class) {
      return ParameterKind.BYTES;
    } else if (type == String.class) {
      return ParameterKind.TEXT;
    }
    return parameter.getType().isPrimitive() || type == LocalDate.class
        ? ParameterKind.FIELD
        : ParameterKind.BODY;
  }

  private static boolean required(Parameter parameter) {
    return parameter.getType() != Optional.class
        && !parameter
            .getAnnotatedType()
            .isAnnotationPresent(org.jspecify.annotations.Nullable.class);
  }

  private static ResultKind result(Class<?> type) {
    if (type == void.class) {
      return ResultKind.NOTHING;
    } else if (type == String.class) {
      return ResultKind.TEXT;
    } else if (type == byte[].class) {
      return ResultKind.BYTES;
    }
    return type == InputStream.class ? ResultKind.STREAM : ResultKind.JSON;
  }
}
