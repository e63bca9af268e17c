package dev.fanfare.execution;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What lets a command hear signals again that this process was told to ignore: a shell that starts
 * something in the background has it ignore interrupts, and so would all that it starts.
 */
final class DefaultSignals {
  private static final Path ENV = Path.of("/usr/bin/env");
  private static final String OPTION = "--default-signal=INT,QUIT,HUP,PIPE,TERM";
  private static final boolean KNOWN = known();

  private DefaultSignals() {}

  /** What goes before the program; nothing where the system's {@code env} cannot do it. */
  static List<String> before(Path program) {
    return KNOWN && program.toString().indexOf('=') < 0
        ? List.of(ENV.toString(), OPTION)
        : List.of();
  }

  private static boolean known() {
    if (!Files.isExecutable(ENV)) {
      return false;
    }
    var builder =
        new ProcessBuilder(ENV.toString(), OPTION, "true")
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    try {
      return builder.start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
