package dev.fanfare.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.Exit.Cause;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.process.ProcessLauncher;
import dev.fanfare.protocol.Outcome;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessRuntimeTest extends RuntimeContract {
  private ProcessLauncher launcher;

  @Override
  Future<StartedRuntime> start() {
    try {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      launcher =
          new ProcessLauncher(
              context,
              java,
              RuntimeLib.classPath(),
              folder.resolve("runtimes"),
              List.of(RuntimeLib.aotCaches()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return launcher.open().compose(open -> launcher.start(64 << 20));
  }

  @Override
  Future<Void> end() {
    return launcher.close();
  }

  private Exit exitOf(String function, String json) {
    runtime.host();
    runtime.begin(function, json);
    return runtime.exit();
  }

  @Test
  void systemExitIsToldWithItsCode() {
    assertThat(exitOf("exit", "{\"code\":3}"))
        .isEqualTo(new Exit(Cause.EXITED, "the function called System.exit (exit code 3)", 3));
  }

  @Test
  void aHaltIsACrashEvenWithTheCodeOfExhaustedMemory() {
    Exit exit = exitOf("halt", "{\"code\":3}");
    assertThat(exit.cause()).isEqualTo(Cause.CRASHED);
    assertThat(exit.words()).contains("exit code 3 (Runtime.halt, or native code)");
  }

  @Test
  void exhaustedMemoryIsToldApart() {
    Exit exit = exitOf("memory", "");
    assertThat(exit.cause()).isEqualTo(Cause.OUT_OF_MEMORY);
    assertThat(exit.words()).contains("Java heap space", "raise memory");
  }

  @Test
  void threadsThatAFunctionLeavesBehindDoNotKeepTheProcess() {
    runtime.host();
    assertThat(runtime.run("leak", "{\"threads\":50}")).isInstanceOf(Outcome.Success.class);
    runtime.kill();
    assertThat(runtime.exit().cause()).isEqualTo(Cause.KILLED);
  }
}
