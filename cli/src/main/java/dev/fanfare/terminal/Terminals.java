package dev.fanfare.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** Finds out which standard streams are terminals; Java itself only tells whether all are. */
final class Terminals {
  /**
   * Set by the launcher to the numbers of the descriptors that are terminals, for example {@code
   * 12}.
   */
  static final String PROPERTY = "fanfare.terminals";

  private Terminals() {}

  static Set<Stream> ofProcess() {
    String told = System.getProperty(PROPERTY);
    Set<Stream> found = EnumSet.noneOf(Stream.class);
    for (Stream stream : Stream.values()) {
      if (told != null ? told.indexOf('0' + stream.descriptor()) >= 0 : linksToTerminal(stream)) {
        found.add(stream);
      }
    }
    return found;
  }

  private static boolean linksToTerminal(Stream stream) {
    Path descriptor = Path.of("/proc/self/fd/" + stream.descriptor());
    if (Files.isSymbolicLink(descriptor)) {
      try {
        String target = Files.readSymbolicLink(descriptor).toString();
        return target.startsWith("/dev/pts/")
            || target.startsWith("/dev/tty")
            || target.equals("/dev/console");
      } catch (IOException e) {
        return false;
      }
    }
    return Objects.requireNonNull(System.console()).isTerminal();
  }
}
