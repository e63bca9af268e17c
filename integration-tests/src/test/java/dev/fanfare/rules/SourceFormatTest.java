package dev.fanfare.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every Java source of the checkout is as google-java-format writes it. */
class SourceFormatTest {

  @Test
  void everySourceIsFormatted() throws IOException {
    Checkout checkout = Checkout.here();
    List<Path> sources = checkout.javaFiles();
    assertThat(sources).isNotEmpty();
    String complaints =
        Boolean.getBoolean("format.apply")
            ? googleJavaFormat(sources, "--replace")
            : googleJavaFormat(sources, "--dry-run");
    assertThat(complaints.replace(checkout.root() + "/", ""))
        .as("Files to format; the command is: .ci/format")
        .isEmpty();
  }

  @Test
  void anUnformattedSourceIsFound(@TempDir Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("Untidy.java"), "class Untidy { int  a ; }\n");
    assertThat(googleJavaFormat(List.of(source), "--dry-run")).contains("Untidy.java");
  }

  /** What the formatter says: the files it would change, and those it cannot read. */
  private static String googleJavaFormat(List<Path> sources, String mode) {
    List<String> arguments = new ArrayList<>(List.of(mode));
    sources.forEach(source -> arguments.add(source.toString()));
    var said = new StringWriter();
    var out = new PrintWriter(said, true);
    ToolProvider.findFirst("google-java-format")
        .orElseThrow()
        .run(out, out, arguments.toArray(String[]::new));
    return said.toString();
  }
}
