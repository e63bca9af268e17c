package dev.fanfare.deploy;

import java.lang.classfile.Attributes;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.MethodParameterInfo;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The names of a method's parameters, as far as its class file kept them. */
final class ParameterNames {
  private ParameterNames() {}

  /** From {@code -parameters}, else from debug information, else {@code arg0}… */
  static List<String> of(MethodModel method) {
    int count = method.methodTypeSymbol().parameterCount();
    return declared(method)
        .or(() -> debugged(method))
        .filter(names -> names.size() == count && new HashSet<>(names).size() == count)
        .orElseGet(() -> IntStream.range(0, count).mapToObj(i -> "arg" + i).toList());
  }

  private static Optional<List<String>> declared(MethodModel method) {
    return method
        .findAttribute(Attributes.methodParameters())
        .map(attribute -> attribute.parameters())
        .filter(all -> all.stream().allMatch(each -> each.name().isPresent()))
        .map(all -> all.stream().map(ParameterNames::name).toList());
  }

  private static String name(MethodParameterInfo parameter) {
    return parameter.name().orElseThrow().stringValue();
  }

  /** The local variables that live from the start in the slots of the parameters. */
  private static Optional<List<String>> debugged(MethodModel method) {
    Map<Integer, String> bySlot =
        method
            .findAttribute(Attributes.code())
            .flatMap(code -> code.findAttribute(Attributes.localVariableTable()))
            .map(table -> table.localVariables())
            .orElse(List.of())
            .stream()
            .filter(variable -> variable.startPc() == 0)
            .collect(
                Collectors.toMap(
                    LocalVariableInfo::slot, v -> v.name().stringValue(), (first, _) -> first));
    var names = new ArrayList<String>();
    int slot = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
    for (ClassDesc type : method.methodTypeSymbol().parameterArray()) {
      String name = bySlot.get(slot);
      if (name == null) {
        return Optional.empty();
      }
      names.add(name);
      slot += TypeKind.from(type).slotSize();
    }
    return Optional.of(names);
  }
}
