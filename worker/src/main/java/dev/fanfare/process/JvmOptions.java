package dev.fanfare.process;

import dev.fanfare.runtime.RuntimeMain;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command line of a child JVM. */
record JvmOptions(Path java, List<Path> classPath) {
  /**
   * Compiling code waits while something runs: else a burst's first seconds go into it, and calls
   * of other functions with them. Where the priority of threads cannot be set, nothing changes.
   */
  private static final List<String> COMPILING_LATER =
      List.of("-XX:ThreadPriorityPolicy=1", "-XX:CompilerThreadPriority=10", "-XX:-PrintWarnings");

  private static final List<String> ALWAYS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          // JDK 25.0.3 crashes in C1 over archived profiles once classes were unloaded.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTReplayTraining",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+DisableAttachMechanism",
          "-XX:-UsePerfData",
          "-Xms8m",
          "-Xlog:disable",
          "-Xlog:all=off",
          "-Djava.awt.headless=true",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  List<String> runtime(long memoryBytes, Optional<Path> aotCache, Path scratch, Path socket) {
    var command = base(memoryBytes);
    aotCache.ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    command.add("-XX:ErrorFile=" + scratch.resolve("hs_err.log"));
    command.add("-Djava.io.tmpdir=" + scratch);
    command.add("-cp");
    command.add(classPathText());
    command.add(RuntimeMain.class.getName());
    command.add(socket.toString());
    return command;
  }

  /** A run that writes an AOT cache when it ends. */
  List<String> training(long memoryBytes, Path cache, Path scratch) {
    var command = base(memoryBytes);
    command.add("-XX:AOTCacheOutput=" + cache);
    command.add("-Djava.io.tmpdir=" + scratch);
    command.add("-cp");
    command.add(classPathText());
    command.add("dev.fanfare.runtime.Training");
    command.add(scratch.toString());
    return command;
  }

  private List<String> base(long memoryBytes) {
    var command = new ArrayList<String>();
    command.add(java.toString());
    command.addAll(ALWAYS);
    command.addAll(COMPILING_LATER);
    command.add("-Xmx" + memoryBytes);
    return command;
  }

  private String classPathText() {
    return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
