package dev.fanfare.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No merge is left half done in any file of the checkout, and no source is too long to read. */
@Timeout(120)
class TrackedFilesTest {
  private static final int MOST_LINES = 450;

  /** The first and the last line of a conflict, and the one before the common ancestor. */
  private static final Pattern MARKER = Pattern.compile("(?m)^(<{7}|>{7}|\\|{7}) ");

  @TempDir Path folder;

  @Test
  void noFileHasTheMarkersOfAConflict() throws Exception {
    Path root = Checkout.here().root();
    assumeThat(root.resolve(".git")).as("a git checkout").exists();

    assertThat(Checkout.here().trackedFiles().stream().filter(TrackedFilesTest::isInConflict))
        .as("Files with conflict markers")
        .isEmpty();
  }

  @Test
  void aConflictIsFoundInTextAndNotInBytes() throws IOException {
    String conflict = "a\n" + "<".repeat(7) + " HEAD\nb\n=======\nc\n" + ">".repeat(7) + " d\n";
    Path text = Files.writeString(folder.resolve("notes.md"), conflict);
    Path bytes = Files.writeString(folder.resolve("picture"), "\0" + conflict);
    Path fence = Files.writeString(folder.resolve("title.md"), "Title\n=======\n");

    assertThat(List.of(text, bytes, fence)).filteredOn(TrackedFilesTest::isInConflict).hasSize(1);
  }

  @Test
  void noSourceIsTooLongToRead() throws IOException {
    Checkout checkout = Checkout.here();

    assertThat(checkout.javaFiles())
        .filteredOn(TrackedFilesTest::isLong)
        .extracting(file -> checkout.root().relativize(file).toString())
        .as("Java files of more than %d lines: find the class in them that is missing", MOST_LINES)
        .isEmpty();
  }

  @Test
  void aLongSourceIsFound() throws IOException {
    Path longest = Files.writeString(folder.resolve("A.java"), "//\n".repeat(MOST_LINES));
    Path tooLong = Files.writeString(folder.resolve("B.java"), "//\n".repeat(MOST_LINES + 1));

    assertThat(List.of(longest, tooLong))
        .filteredOn(TrackedFilesTest::isLong)
        .containsExactly(tooLong);
  }

  private static boolean isInConflict(Path file) {
    String text = read(file);
    return text.indexOf('\0') < 0 && MARKER.matcher(text).find();
  }

  private static boolean isLong(Path file) {
    return read(file).lines().count() > MOST_LINES;
  }

  /** Each byte as a character, whatever the file's encoding is; a file that is gone is empty. */
  private static String read(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
