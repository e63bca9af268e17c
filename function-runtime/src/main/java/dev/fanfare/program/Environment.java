package dev.fanfare.program;

import dev.fanfare.execution.Command;
import dev.fanfare.function.Invocation;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.ProgramManifest.Program;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What programs find around them. */
final class Environment {
  private Environment() {}

  static Command once(Program program, FunctionName name, Path folder, Invocation invocation) {
    Map<String, String> variables = usual(program, name);
    variables.put("FANFARE_INVOCATION", invocation.id());
    variables.put("FANFARE_ATTEMPT", Integer.toString(invocation.attempt()));
    return new Command(program.command(), variables, folder, Optional.empty());
  }

  static Command serving(Program program, FunctionName name, Path folder) {
    return new Command(program.command(), usual(program, name), folder, Optional.empty());
  }

  private static Map<String, String> usual(Program program, FunctionName name) {
    String scratch = System.getProperty("java.io.tmpdir");
    var variables = new TreeMap<String, String>();
    variables.put("PATH", Command.USUAL_PATH);
    variables.put("LANG", "C.UTF-8");
    variables.put("HOME", scratch);
    variables.put("TMPDIR", scratch);
    variables.putAll(program.environment());
    variables.put("FANFARE_FUNCTION", name.value());
    return variables;
  }
}
