package dev.fanfare.deploy;

import dev.fanfare.function.KebabCase;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.schema.Annotations;
import dev.fanfare.schema.Schemas;
import java.lang.classfile.Annotation;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the functions of classes; what is wrong with them goes to the problems. */
final class FunctionReader {
  private static final String FN = "Ldev/fanfare/function/Fn;";

  private final Schemas schemas;
  private final Problems problems;
  private final ScanLimits limits;
  private final SortedMap<FunctionName, FunctionSpec> functions = new TreeMap<>();
  private final SortedMap<FunctionName, String> places = new TreeMap<>();
  private int seen;

  FunctionReader(Schemas schemas, Problems problems, ScanLimits limits) {
    this.schemas = schemas;
    this.problems = problems;
    this.limits = limits;
  }

  /** What was read, by name. */
  SortedMap<FunctionName, FunctionSpec> functions() {
    return functions;
  }

  /** Whether any method was annotated, be it right or wrong. */
  boolean anySeen() {
    return seen > 0;
  }

  /**
   * Reads the annotated methods of one class; damaged bytes make the JDK's reader throw anything.
   */
  void read(String binaryName, ClassModel model) {
    try {
      for (MethodModel method : model.methods()) {
        Optional<Annotation> fn = Annotations.find(method, FN);
        if (fn.isPresent() && !method.flags().has(AccessFlag.SYNTHETIC)) {
          count();
          read(binaryName, model, method, fn.get());
        }
      }
    } catch (Undeployable e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      problems.add(ProblemCode.MALFORMED_CLASS, binaryName, ClassHeader.unsound(e));
    }
  }

  private void count() {
    if (++seen > limits.functions()) {
      throw problems.fatal(
          ProblemCode.TOO_MANY_FUNCTIONS,
          "the jar has more than %s functions: split it"
              .formatted(Problems.count(limits.functions())));
    }
  }

  private void read(String binaryName, ClassModel model, MethodModel method, Annotation fn) {
    String where = binaryName + "." + method.methodName().stringValue() + "(" + types(method) + ")";
    Callable.check(binaryName, where, model, method, problems);
    var binding = new Binding(schemas, problems, where, method);
    var policy = new Settings(fn, problems, where).policy();
    var input = binding.input();
    var output = binding.output();
    var name = name(fn, method, where);
    if (name.isEmpty()) {
      return;
    }
    String other = places.putIfAbsent(name.get(), where);
    if (other != null) {
      problems.add(
          ProblemCode.DUPLICATE_FUNCTION,
          where,
          "the function is called '%s', and so is %s: give one of them another name, @Fn(name = \"…\")"
              .formatted(name.get(), other));
    }
    if (input.isPresent() && output.isPresent()) {
      functions.put(
          name.get(),
          new FunctionSpec(
              name.get(),
              binaryName,
              method.methodName().stringValue(),
              method.methodType().stringValue(),
              input.get().parameters(),
              output.get().kind(),
              policy,
              input.get().schema(),
              output.get().schema()));
    }
  }

  private Optional<FunctionName> name(Annotation fn, MethodModel method, String where) {
    Optional<String> given = Annotations.text(fn, "name");
    String name = given.orElseGet(() -> KebabCase.of(method.methodName().stringValue()));
    try {
      var checked = new FunctionName(name);
      if (checked.reserved()) {
        throw new IllegalArgumentException(
            "names that begin with " + FunctionName.RESERVED + " are the platform's own");
      }
      return Optional.of(checked);
    } catch (IllegalArgumentException e) {
      String advice = given.isPresent() ? "" : ": give it one with @Fn(name = \"…\")";
      problems.add(
          ProblemCode.BAD_NAME,
          where,
          "'" + name + "' cannot be a name; " + e.getMessage() + advice);
      return Optional.empty();
    }
  }

  private static String types(MethodModel method) {
    return method.methodTypeSymbol().parameterList().stream()
        .map(ClassDesc::displayName)
        .collect(Collectors.joining(", "));
  }
}
