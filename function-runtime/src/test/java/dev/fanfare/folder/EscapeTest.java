package dev.fanfare.folder;

import static dev.fanfare.folder.SyncEnds.sync;
import static dev.fanfare.sync.SyncOptions.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.sync.Listing;
import dev.fanfare.sync.SyncEntry;
import dev.fanfare.sync.SyncReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is written outside of the root, whatever the other end says. */
@Timeout(120)
class EscapeTest {
  @TempDir Path temp;
  private Path from;
  private Path root;
  private Path outside;

  @BeforeEach
  void folders() throws IOException {
    from = Files.createDirectory(temp.resolve("from"));
    root = Files.createDirectory(temp.resolve("root"));
    outside = Files.createDirectory(temp.resolve("outside"));
    evil("file");
  }

  /** A file as the forged listings have it. */
  private void evil(String path) throws IOException {
    Files.createDirectories(from.resolve(path).getParent());
    Files.writeString(from.resolve(path), "evil");
    Files.setLastModifiedTime(from.resolve(path), FileTime.fromMillis(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../outside", "a/../../outside", "a/..", "/", "/etc", "ROOT/../outside"})
  void aTargetOutsideOfTheRootIsRefused(String path) throws IOException {
    SyncReport report = sync(from, root, path.replace("ROOT", root.toString()), NONE);

    assertThat(report.broken()).isNotNull();
    assertThat(outside).isEmptyDirectory();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void anAbsoluteTargetInTheRootIsTaken() throws IOException {
    assertThat(sync(from, root, root.resolve("x//./y").toString(), NONE).complete()).isTrue();
    assertThat(root.resolve("x/y/file")).hasContent("evil");
    assertThat(sync(from, root, "", NONE).complete()).isTrue();
    assertThat(root.resolve("file")).hasContent("evil");
  }

  @Test
  void aTargetBesideTheRootThatBeginsLikeItIsRefused() throws IOException {
    Path beside = Files.createDirectory(temp.resolve("root-too"));

    assertThat(sync(from, root, beside.toString(), NONE).broken()).contains("outside");
    assertThat(beside).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../file",
        "a/../../file",
        "/file",
        "a//file",
        "./file",
        "a/.",
        "",
        "a\0b",
        "a/",
        ".."
      })
  void anEntryWithAPathThatIsNoneIsRefused(String path) throws IOException {
    Files.createDirectory(root.resolve("a"));

    SyncReport report =
        send(listing(SyncEntry.file(path, 0644, 0, 4), SyncEntry.file("file", 0644, 0, 4)));

    assertThat(report.failed()).isGreaterThanOrEqualTo(1);
    assertThat(temp.resolve("file")).doesNotExist();
    assertThat(root.resolve("a")).isEmptyDirectory();
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aLinkOnTheWayToTheTargetIsNotFollowed() throws IOException {
    Files.createSymbolicLink(root.resolve("way"), outside);

    assertThat(sync(from, root, "way", NONE).broken()).contains("link");
    assertThat(sync(from, root, "way/deeper", NONE).broken()).contains("link");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aLinkInPlaceOfAFolderIsNotFollowed() throws IOException {
    Files.createDirectory(from.resolve("sub"));
    Files.writeString(from.resolve("sub/file"), "evil");
    Files.createSymbolicLink(root.resolve("sub"), outside);

    SyncReport report = sync(from, root, "", NONE.withDelete());

    assertThat(report.failures()).singleElement().asString().startsWith("sub: it is a link");
    assertThat(report.failed()).isEqualTo(2);
    assertThat(outside).isEmptyDirectory();
    assertThat(root.resolve("file")).hasContent("evil");
  }

  @Test
  void aLinkInPlaceOfAFileIsReplacedNotFollowed() throws IOException {
    Path target = Files.writeString(outside.resolve("victim"), "good");
    Files.createSymbolicLink(root.resolve("file"), target);

    assertThat(sync(from, root, "", NONE).complete()).isTrue();

    assertThat(target).hasContent("good");
    assertThat(root.resolve("file")).isRegularFile().hasContent("evil");
    assertThat(Files.isSymbolicLink(root.resolve("file"))).isFalse();
  }

  @Test
  void deletionStopsAtLinks() throws IOException {
    Path victim = Files.writeString(outside.resolve("victim"), "good");
    Files.createSymbolicLink(root.resolve("way"), outside);

    SyncReport report = sync(from, root, "", NONE.withDelete());

    assertThat(report.deleted()).isEqualTo(1);
    assertThat(root.resolve("way")).doesNotExist();
    assertThat(victim).hasContent("good");
  }

  @Test
  void aListedLinkIsNotTheWayForLaterEntries() throws IOException {
    evil("way/file");

    SyncReport report =
        SyncEnds.send(
            listing(
                SyncEntry.link("way", outside.toString()), SyncEntry.file("way/file", 0644, 0, 4)),
            root,
            "",
            NONE.withKeepLinks());

    assertThat(report.failures()).singleElement().asString().contains("link");
    assertThat(outside).isEmptyDirectory();
    assertThat(Files.readSymbolicLink(root.resolve("way"))).isEqualTo(outside);
  }

  @ParameterizedTest
  @CsvSource({
    "a, /etc/passwd",
    "a, ..",
    "a, ../x",
    "a/b, ../../x",
    "a/b, x/../../..",
    "a/b, ./../../x",
    "a/b/c, x/../..",
  })
  void aLinkThatMayLeadOutsideIsRefused(String path, String text) throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    assertThat(Names.leadsOutside(path, text)).isTrue();
    SyncReport report = send(listing(SyncEntry.link("way", "../" + text)));
    assertThat(report.failures()).singleElement().asString().contains("outside of the folder");
    assertThat(root.resolve("way")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"a, b", "a, b/c", "a/b, ../c", "a/b, .././c/d", "a/b/c, ../../x", "a/b, .."})
  void aLinkThatStaysInsideIsMade(String path, String text) {
    assertThat(Names.leadsOutside(path, text)).isFalse();
  }

  @Test
  void aNameMayBeListedOnce() throws IOException {
    SyncReport report =
        send(
            listing(
                SyncEntry.folder("x", 0755, 0),
                SyncEntry.link("x", "file"),
                SyncEntry.file("x/../file", 0644, 0, 4)));

    assertThat(report.failures()).anyMatch(line -> line.contains("another entry has this name"));
    assertThat(root.resolve("x")).isDirectory();
  }

  private Listing listing(SyncEntry... entries) throws IOException {
    Listing real = Listing.of(from, new dev.fanfare.sync.Exclusion(List.of()));
    return new Listing(real.folder(), List.of(entries), List.of());
  }

  private SyncReport send(Listing listing) {
    return SyncEnds.send(listing, root, "", NONE);
  }
}
