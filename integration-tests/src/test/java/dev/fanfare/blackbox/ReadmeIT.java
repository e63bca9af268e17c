package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the README's tour works as it stands there. */
class ReadmeIT {
  private static final String START = "<!-- tour -->";
  private static final String END = "<!-- end of tour -->";
  @TempDir Path home;

  @Test
  void everyCommandOfTheTourWorks() throws IOException {
    List<String> commands = commands();
    assertThat(commands).hasSizeGreaterThan(5);
    try (var platform = Platform.up(home)) {
      for (String command : commands) {
        var done = platform.cli().runFromRoot(command);

        assertThat(done.exit()).as(command + "\n" + done.err()).isZero();
        assertThat(done.out()).as(command).isNotBlank();
      }
    }
  }

  @Test
  void theDemoEndsWellByItself() {
    var demo = new Launcher(home).run("demo", "--exit");

    assertThat(demo.exit()).as(demo.err()).isZero();
    assertThat(demo.out()).contains("collatz");
  }

  private static List<String> commands() throws IOException {
    String readme = Files.readString(Launcher.root().resolve("README.md"));
    String tour = readme.substring(readme.indexOf(START), readme.indexOf(END));
    return tour.lines().filter(line -> line.startsWith("./fanfare ")).toList();
  }
}
