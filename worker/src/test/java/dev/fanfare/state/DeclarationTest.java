package dev.fanfare.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a declaration says, and what is found of it. */
@Timeout(60)
class DeclarationTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "3.12.1, 3.12.1, true",
    "3.12.1, 3.12.10, false",
    "3.12.*, 3.12.10, true",
    "3.12.*, 3.120, false",
    ">=3.11 <4, 3.12.1, true",
    ">=3.11 <4, 3.9, false",
    ">=3.11 <4, 4, false",
    "'>=3.11,<4', 3.11, true",
    ">2, 2.0.1, true",
    "<=1.10, 1.9, true",
    "*, anything, true",
  })
  void aRangeContainsVersions(String range, String version, boolean contained) {
    assertThat(VersionRange.parse(range).contains(version)).isEqualTo(contained);
  }

  @Test
  void toolsVariablesAndFilesAreLookedAt() throws IOException {
    Path file = Files.writeString(folder.resolve("model"), "hello");
    MachineState state =
        find(
            """
            {"tools": {"mine": {"version": ">=1.2", "command": ["echo", "mine 1.2.3 (build 7)"]},
                       "missing": {"command": ["%1$s/none", "--version"]}},
             "packages": {"lib": {"command": ["echo", "2:1.0-3ubuntu1"], "match": "\\\\S+"}},
             "environment": {"LANG": "C", "TOKEN": null},
             "files": {"%1$s/model": null}}
            """
                .formatted(folder),
            Map.of("LANG", "C", "TOKEN", "secret"));

    assertThat(state.findings())
        .extracting(Finding::name, Finding::found)
        .contains(
            org.assertj.core.groups.Tuple.tuple("tool.mine", "1.2.3"),
            org.assertj.core.groups.Tuple.tuple("package.lib", "2:1.0-3ubuntu1"),
            org.assertj.core.groups.Tuple.tuple("environment.LANG", "C"),
            org.assertj.core.groups.Tuple.tuple(
                "file." + file,
                "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));
    assertThat(state.toString()).doesNotContain("secret");
    assertThat(state.unmet()).isEqualTo("tool missing missing, wanted *");
    assertThat(state.id()).matches("[0-9a-f]{12}");
  }

  @Test
  void equalFindingsHaveEqualIdsWhateverWasWanted() throws IOException {
    MachineState one = find(tool(">=1", "1.2.3"), Map.of());
    MachineState two = find(tool("1.2.3", "1.2.3"), Map.of());
    MachineState other = find(tool(">=1", "1.2.4"), Map.of());
    MachineState unmet = find(tool(">=2", "1.2.3"), Map.of());

    assertThat(two.id()).isEqualTo(one.id());
    assertThat(other.id()).isNotEqualTo(one.id());
    assertThat(unmet.id()).isEqualTo(one.id());
    assertThat(unmet.unmet()).isEqualTo("tool mine 1.2.3, wanted >=2");
  }

  private static String tool(String range, String version) {
    return """
    {"tools": {"mine": {"version": "%s", "command": ["echo", "%s"]}}}
    """
        .formatted(range, version);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|an object",
        "{\"tool\": {}}|none of tools",
        "{\"tools\": {\"a\": 1}}|is a text or null",
        "{\"tools\": {\"a\": {\"vers\": \"1\"}}}|none of version",
        "{\"tools\": {\"a\": \">=1 ?\"}}|no range of versions",
        "{\"tools\": {\"a\": {\"match\": \"(\"}}}|tool.a",
        "{\"files\": {\"/a\": \"sha256:12\"}}|64 hexadecimal digits",
        "{|no JSON",
      })
  void whatIsNoDeclarationIsToldInWords(String text, String words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> find(text, Map.of()))
        .withMessageContaining(words);
  }

  @Test
  void aFileThatIsGoneLaterIsToldInstead() {
    var settings = new StateSettings(folder.resolve("none.json"), Duration.ofMinutes(1), false);

    assertThat(settings.find().unmet()).contains("cannot be read");
  }

  private MachineState find(String text, Map<String, String> environment) throws IOException {
    return Declaration.read(Files.writeString(folder.resolve("state.json"), text))
        .find(environment);
  }
}
