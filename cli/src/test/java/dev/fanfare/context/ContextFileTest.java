package dev.fanfare.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextFileTest {
  private static final Context LOCAL =
      new Context("http://127.0.0.1:8080", Optional.of("ff_abc_secret"));

  @TempDir Path folder;

  @Test
  void withoutAFileThereAreNoContexts() {
    assertThat(ContextFile.in(folder.resolve("none")).load()).isEqualTo(Contexts.NONE);
  }

  @Test
  void whatIsSavedIsLoadedAndTheFirstIsInUse() {
    ContextFile file = ContextFile.in(folder.resolve("deep/er"));
    file.save(
        Contexts.NONE
            .with("local", LOCAL)
            .with("far", new Context("https://far", Optional.empty())));

    Contexts loaded = file.load();

    assertThat(loaded.current()).contains("local");
    assertThat(loaded.find("local")).contains(LOCAL);
    assertThat(loaded.find("far").orElseThrow().key()).isEmpty();
  }

  @Test
  void onlyItsOwnerMayReadTheFile() throws IOException {
    ContextFile file = ContextFile.in(folder);
    file.save(Contexts.NONE.with("local", LOCAL));
    file.save(Contexts.NONE.with("local", LOCAL).with("other", LOCAL));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatOthersMayReadIsRefused() throws IOException {
    ContextFile file = ContextFile.in(folder);
    file.save(Contexts.NONE.with("local", LOCAL));
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(file::load)
        .isInstanceOfSatisfying(
            CommandException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e.advice()).contains("chmod 600 " + file.path());
            });
  }

  @Test
  void aBrokenFileIsNamed() throws IOException {
    ContextFile file = ContextFile.in(folder);
    file.save(Contexts.NONE);
    Files.writeString(file.path(), "{");

    assertThatThrownBy(file::load).hasMessageContaining(file.path() + " is not valid JSON");
  }

  @Test
  void savingLeavesNothingElseBehind() throws IOException {
    ContextFile.in(folder).save(Contexts.NONE.with("local", LOCAL));

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("contexts.json"));
    }
  }

  @Test
  void aContextInUseThatIsRemovedIsNoLongerInUse() {
    Contexts contexts = Contexts.NONE.with("local", LOCAL).without("local");

    assertThat(contexts.current()).isEmpty();
  }

  @Test
  void aKeyIsNeverShown() {
    assertThat(LOCAL.toString()).doesNotContain("secret").contains("ff_abc_***");
  }

  @Test
  void aUrlLosesItsTrailingSlashesAndMustBeOfTheWeb() {
    assertThat(Context.checkUrl("http://a:1//")).isEqualTo("http://a:1");
    assertThatThrownBy(() -> Context.checkUrl("ftp://a")).hasMessageContaining("no gateway's URL");
    assertThatThrownBy(() -> Context.checkUrl("127.0.0.1:8080"))
        .hasMessageContaining("no gateway's URL");
  }
}
