package dev.fanfare.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options as they stand, however they were given, as arguments that say the same elsewhere. */
final class OptionValues {
  private OptionValues() {}

  static List<String> of(CommandSpec options) {
    var arguments = new ArrayList<String>();
    for (OptionSpec option : options.options()) {
      add(option.longestName(), option.getValue(), arguments);
    }
    return arguments;
  }

  private static void add(String name, @Nullable Object value, List<String> arguments) {
    switch (value) {
      case null -> {}
      case Optional<?> optional -> add(name, optional.orElse(null), arguments);
      case Map<?, ?> map -> map.forEach((key, one) -> arguments.add(name + "=" + key + "=" + one));
      case List<?> list -> list.forEach(one -> arguments.add(name + "=" + one));
      default -> arguments.add(name + "=" + value);
    }
  }
}
