package dev.fanfare.deploy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.schema.Annotations;
import dev.fanfare.schema.Schemas;
import dev.fanfare.schema.UnsupportedType;
import java.lang.classfile.Attributes;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.TypeArg;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides where a method's arguments come from and what its result makes. */
final class Binding {
  private static final String INVOCATION = "Ldev/fanfare/function/Invocation;";
  private static final String CHANNEL = "Ldev/fanfare/function/Channel;";
  private static final String TEXT = "Ljava/lang/String;";
  private static final String STREAM = "Ljava/io/InputStream;";
  private static final String BYTES = "[B";

  private final Schemas schemas;
  private final Problems problems;
  private final String where;
  private final MethodModel method;
  private final MethodSignature signature;

  Binding(Schemas schemas, Problems problems, String where, MethodModel method) {
    this.schemas = schemas;
    this.problems = problems;
    this.where = where;
    this.method = method;
    this.signature = signatureOf(method);
  }

  /** Where the arguments come from, and the schema of the body that holds them. */
  record Input(List<Parameter> parameters, ObjectNode schema) {}

  /** What the return value makes. */
  record Output(ResultKind kind, ObjectNode schema) {}

  private record Bound(Parameter parameter, Signature type) {}

  /** The binding of all parameters; empty if one is refused. */
  Optional<Input> input() {
    List<Bound> all = bind();
    List<Bound> bodies = all.stream().filter(each -> ofBody(each.parameter.kind())).toList();
    boolean sound = oneChannel(all);
    for (Bound each : bodies) {
      sound &= accepted(each, bodies.size());
    }
    return sound ? Optional.of(new Input(parameters(all), schemaOf(bodies))) : Optional.empty();
  }

  /** The binding of the result; empty if it is refused. */
  Optional<Output> output() {
    String type = method.methodTypeSymbol().returnType().descriptorString();
    Signature channel = channel();
    if (channel != null) {
      return channelOutput(channel, type);
    }
    return switch (type) {
      case "V", "Ljava/lang/Void;" -> Optional.of(new Output(ResultKind.NOTHING, typed("null")));
      case TEXT -> Optional.of(new Output(ResultKind.TEXT, typed("string")));
      case BYTES -> Optional.of(new Output(ResultKind.BYTES, binary()));
      case STREAM -> Optional.of(new Output(ResultKind.STREAM, binary()));
      default ->
          vague(signature.result())
              .or(() -> late(type))
              .map(
                  why -> {
                    problems.add(ProblemCode.UNSUPPORTED_RESULT, where, "result is " + why);
                    return Optional.<Output>empty();
                  })
              .orElseGet(
                  () ->
                      schema(ProblemCode.UNSUPPORTED_RESULT, "", "result", signature.result())
                          .map(schema -> new Output(ResultKind.JSON, schema)));
    };
  }

  // ---- channels ----

  private static boolean ofBody(ParameterKind kind) {
    return kind != ParameterKind.INVOCATION && kind != ParameterKind.CHANNEL;
  }

  private boolean oneChannel(List<Bound> all) {
    long channels = all.stream().filter(b -> b.parameter.kind() == ParameterKind.CHANNEL).count();
    if (channels > 1) {
      problems.add(
          ProblemCode.UNSUPPORTED_PARAMETER,
          where,
          "it has " + channels + " channels: take one, and open further ones from it");
    }
    return channels <= 1;
  }

  /** The type of the channel that it takes, null if it takes none. */
  private @Nullable Signature channel() {
    List<ClassDesc> types = method.methodTypeSymbol().parameterList();
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i).descriptorString().equals(CHANNEL)) {
        return signature.arguments().get(i);
      }
    }
    return null;
  }

  private Optional<Output> channelOutput(Signature channel, String result) {
    if (!result.equals("V")) {
      problems.add(
          ProblemCode.UNSUPPORTED_RESULT,
          where,
          "a function with a channel returns nothing: send what it would return");
      return Optional.empty();
    }
    if (!(channel instanceof ClassTypeSig type)
        || type.typeArgs().size() != 2
        || !type.typeArgs().stream().allMatch(TypeArg.Bounded.class::isInstance)) {
      problems.add(
          ProblemCode.UNSUPPORTED_PARAMETER,
          where,
          "the channel does not say of what: write Channel<In, Out>");
      return Optional.empty();
    }
    Signature in = Schemas.argument(type.typeArgs().get(0));
    Signature out = Schemas.argument(type.typeArgs().get(1));
    try {
      var items =
          List.of(new Schemas.Field("receives", in, true), new Schemas.Field("sends", out, true));
      return Optional.of(new Output(ResultKind.NOTHING, schemas.object(items)));
    } catch (UnsupportedType e) {
      problems.add(
          ProblemCode.UNSUPPORTED_PARAMETER, where, "the channel's item " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<Bound> bind() {
    List<String> names = ParameterNames.of(method);
    List<ClassDesc> types = method.methodTypeSymbol().parameterList();
    long bodies =
        types.stream()
            .map(ClassDesc::descriptorString)
            .filter(type -> !type.equals(INVOCATION) && !type.equals(CHANNEL))
            .count();
    var all = new ArrayList<Bound>();
    for (int i = 0; i < types.size(); i++) {
      Signature type = signature.arguments().get(i);
      boolean required = !Schemas.optional(type) && !Annotations.nullableParameter(method, i);
      ParameterKind kind = kind(types.get(i).descriptorString(), type, bodies == 1);
      all.add(new Bound(new Parameter(names.get(i), kind, required), type));
    }
    return all;
  }

  private ParameterKind kind(String descriptor, Signature type, boolean alone) {
    if (descriptor.equals(INVOCATION)) {
      return ParameterKind.INVOCATION;
    }
    if (descriptor.equals(CHANNEL)) {
      return ParameterKind.CHANNEL;
    }
    if (descriptor.equals(STREAM)) {
      return ParameterKind.STREAM;
    }
    if (!alone) {
      return ParameterKind.FIELD;
    }
    return switch (descriptor) {
      case BYTES -> ParameterKind.BYTES;
      case TEXT -> ParameterKind.TEXT;
      default -> schemas.scalar(type) ? ParameterKind.FIELD : ParameterKind.BODY;
    };
  }

  /** Whether there is JSON, or a body, that can become the parameter's value. */
  private boolean accepted(Bound bound, int bodies) {
    String name = bound.parameter.name();
    if (bound.parameter.kind() == ParameterKind.STREAM && bodies > 1) {
      problems.add(
          ProblemCode.UNSUPPORTED_PARAMETER,
          where,
          "parameter "
              + name
              + " is an InputStream, which takes the whole body: make it the only parameter beside"
              + " Invocation");
      return false;
    }
    Optional<String> vague = vague(bound.type);
    if (vague.isPresent()) {
      problems.add(
          ProblemCode.UNSUPPORTED_PARAMETER, where, "parameter " + name + " is " + vague.get());
      return false;
    }
    return switch (bound.parameter.kind()) {
      case BODY, FIELD ->
          schema(ProblemCode.UNSUPPORTED_PARAMETER, "parameter ", name, bound.type).isPresent();
      case BYTES, STREAM, TEXT, INVOCATION, CHANNEL -> true;
    };
  }

  private Optional<ObjectNode> schema(ProblemCode code, String what, String name, Signature type) {
    try {
      return Optional.of(schemas.of(name, type));
    } catch (UnsupportedType e) {
      problems.add(code, where, what + e.getMessage());
      return Optional.empty();
    }
  }

  /** The schema of the body that makes these accepted parameters. */
  private ObjectNode schemaOf(List<Bound> bodies) {
    if (bodies.size() == 1) {
      Bound only = bodies.getFirst();
      switch (only.parameter.kind()) {
        case BYTES, STREAM -> {
          return binary();
        }
        case TEXT -> {
          // A JSON object with the parameter's name is read too: callers find the name here.
          return typed("string").put("title", only.parameter.name());
        }
        case BODY -> {
          return schemas.of(only.parameter.name(), only.type);
        }
        case FIELD, INVOCATION, CHANNEL -> {}
      }
    }
    return schemas.object(
        bodies.stream()
            .map(b -> new Schemas.Field(b.parameter.name(), b.type, b.parameter.required()))
            .toList());
  }

  private static List<Parameter> parameters(List<Bound> all) {
    return all.stream().map(Bound::parameter).toList();
  }

  /** Why a type says too little to be read from JSON or written to it. */
  private static Optional<String> vague(Signature type) {
    return type.signatureString().equals("Ljava/lang/Object;")
        ? Optional.of(
            "java.lang.Object, which says nothing about it: take a record, Map<String, Object> or"
                + " JsonNode")
        : Optional.empty();
  }

  /** Why a result that is not there yet is refused. */
  private static Optional<String> late(String descriptor) {
    return descriptor.startsWith("Ljava/util/concurrent/")
            && descriptor.matches(".*(Future|Stage|Publisher|Task);")
        ? Optional.of(
            descriptor.substring(1, descriptor.length() - 1).replace('/', '.')
                + ", a value to come: wait for it and return the value itself")
        : Optional.empty();
  }

  private static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ObjectNode binary() {
    return typed("string").put("contentMediaType", "application/octet-stream");
  }

  private static MethodSignature signatureOf(MethodModel method) {
    var erased = MethodSignature.of(method.methodTypeSymbol());
    return method
        .findAttribute(Attributes.signature())
        .map(attribute -> attribute.asMethodSignature())
        .filter(generic -> generic.arguments().size() == erased.arguments().size())
        .orElse(erased);
  }
}
