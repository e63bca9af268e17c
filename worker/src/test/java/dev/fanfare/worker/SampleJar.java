package dev.fanfare.worker;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.fanfare.protocol.Scale;
import dev.fanfare.protocol.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
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

/** A jar of {@link Samples} with its manifest, made without the deploying side of the platform. */
record SampleJar(byte[] bytes, RevisionManifest manifest) {

  /** The same bytes every time. */
  static SampleJar make() {
    return make("");
  }

  /** A jar like the others but for a note in it, and so another revision. */
  static SampleJar make(String note) {
    return of(jar(note));
  }

  /** One that promises the same functions and is no jar. */
  static SampleJar broken() {
    return of(new byte[] {1, 2, 3});
  }

  private static SampleJar of(byte[] bytes) {
    List<FunctionSpec> functions =
        Arrays.stream(Samples.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Fn.class))
            .map(SampleJar::spec)
            .sorted(Comparator.comparing(FunctionSpec::name))
            .toList();
    var manifest = new RevisionManifest(Sha256.of(bytes), bytes.length, 25, functions);
    return new SampleJar(bytes, manifest);
  }

  RevisionId id() {
    return Manifests.id(manifest);
  }

  /** Puts manifest and jar into a folder of blobs. */
  void writeTo(Path blobs) throws IOException {
    Files.createDirectories(blobs);
    Files.write(blobs.resolve(id().hash().hex()), Manifests.write(manifest));
    Files.write(blobs.resolve(manifest.artifact().hex()), bytes);
  }

  private static byte[] jar(String note) {
    var classes = new ArrayList<Class<?>>(List.of(Samples.class.getDeclaredClasses()));
    classes.add(Samples.class);
    classes.remove(Samples.Gone.class);
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.setComment(note);
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
    var policy =
        new Policy(
            fn.timeout().isEmpty() ? Policy.DEFAULT_TIMEOUT : Durations.parse(fn.timeout()),
            Optional.empty(),
            Optional.empty(),
            fn.concurrency(),
            fn.memory().isEmpty() ? Policy.DEFAULT_MEMORY_BYTES : ByteSizes.parse(fn.memory()),
            new Requirements(List.of(), fn.isolation()),
            new Scale(fn.min(), Arrays.stream(fn.max()).boxed().findFirst()));
    String descriptor =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .toMethodDescriptorString();
    var nothing = JsonNodeFactory.instance.objectNode();
    return new FunctionSpec(
        new FunctionName(KebabCase.of(method.getName())),
        Samples.class.getName(),
        method.getName(),
        descriptor,
        Arrays.stream(method.getParameters()).map(SampleJar::parameter).toList(),
        result(method.getReturnType()),
        policy,
        nothing,
        nothing);
  }

  private static FunctionSpec.Parameter parameter(Parameter parameter) {
    Class<?> type = parameter.getType();
    ParameterKind kind = ParameterKind.FIELD;
    if (type == Invocation.class) {
      kind = ParameterKind.INVOCATION;
    } else if (type == JsonNode.class) {
      kind = ParameterKind.BODY;
    } else if (type == byte[].class) {
      kind = ParameterKind.BYTES;
    } else if (type == String.class) {
      kind = ParameterKind.TEXT;
    }
    return new FunctionSpec.Parameter(parameter.getName(), kind, true);
  }

  private static ResultKind result(Class<?> type) {
    if (type == void.class) {
      return ResultKind.NOTHING;
    } else if (type == String.class) {
      return ResultKind.TEXT;
    }
    return type == byte[].class ? ResultKind.BYTES : ResultKind.JSON;
  }
}
