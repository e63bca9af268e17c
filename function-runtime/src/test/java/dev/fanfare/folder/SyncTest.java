package dev.fanfare.folder;

import static dev.fanfare.folder.SyncEnds.send;
import static dev.fanfare.folder.SyncEnds.sync;
import static dev.fanfare.sync.SyncOptions.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.fanfare.sync.Exclusion;
import dev.fanfare.sync.Listing;
import dev.fanfare.sync.SyncListener;
import dev.fanfare.sync.SyncMessage;
import dev.fanfare.sync.SyncReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sync does to a folder, from end to end. */
@Timeout(120)
class SyncTest {
  @TempDir Path temp;
  private Path from;
  private Path root;
  private Path to;

  @BeforeEach
  void folders() throws IOException {
    from = Files.createDirectory(temp.resolve("from"));
    root = Files.createDirectory(temp.resolve("root"));
    to = root.resolve("in/there");
  }

  @Test
  void theFolderThereIsThenAsTheOneHere() throws IOException {
    write("a.txt", "hello");
    write("deep/er/b.txt", "world");
    write("empty.txt", "");
    Files.createDirectories(from.resolve("nothing/in/it"));
    Files.createSymbolicLink(from.resolve("deep/link"), Path.of("../a.txt"));
    Files.setPosixFilePermissions(
        from.resolve("a.txt"), PosixFilePermissions.fromString("rwxr-x---"));
    Files.setPosixFilePermissions(
        from.resolve("deep/er"), PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setLastModifiedTime(
        from.resolve("a.txt"), FileTime.from(Instant.parse("2001-02-03T04:05:06.789012Z")));
    Files.setLastModifiedTime(
        from.resolve("nothing/in"), FileTime.from(Instant.parse("1999-12-31T23:59:59Z")));

    SyncReport report = sync(from, root, "in/there", NONE);

    assertThat(report.complete()).as("%s", report).isTrue();
    assertThat(report.sent()).isEqualTo(3);
    assertThat(report.bytes()).isEqualTo(10);
    assertThat(look(to)).isEqualTo(look(from));
  }

  @Test
  void whatIsThereAlreadyIsNotSent() throws IOException {
    write("a.txt", "hello");
    write("b/c.txt", "world");
    sync(from, root, "in/there", NONE);

    SyncReport again = sync(from, root, "in/there", NONE);

    assertThat(again.sent()).isZero();
    assertThat(again.unchanged()).isEqualTo(2);
    write("a.txt", "hallo");
    Files.setPosixFilePermissions(
        from.resolve("b/c.txt"), PosixFilePermissions.fromString("rw-------"));
    SyncReport third = sync(from, root, "in/there", NONE);
    assertThat(third.sent()).isEqualTo(1);
    assertThat(look(to)).isEqualTo(look(from));
  }

  @Test
  void aFileThatWasMerelyTouchedIsNotSent() throws IOException {
    write("a.txt", "hello");
    sync(from, root, "in/there", NONE);
    Files.setLastModifiedTime(from.resolve("a.txt"), FileTime.fromMillis(1_000_000));

    SyncReport report = sync(from, root, "in/there", NONE);

    assertThat(report.sent()).isZero();
    assertThat(report.unchanged()).isEqualTo(1);
    assertThat(look(to)).isEqualTo(look(from));
  }

  @Test
  void contentThatIsThereUnderAnotherNameIsCopiedThere() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    Files.write(from.resolve("one"), bytes);
    sync(from, root, "in/there", NONE);
    Files.move(from.resolve("one"), from.resolve("two"));
    Files.copy(from.resolve("two"), from.resolve("three"));

    SyncReport report = sync(from, root, "in/there", NONE.withDelete());

    assertThat(report.sent()).isZero();
    assertThat(report.copied()).isEqualTo(2);
    assertThat(report.deleted()).isEqualTo(1);
    assertThat(look(to)).isEqualTo(look(from));
  }

  @Test
  void equalContentsAreSentOnce() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(2).nextBytes(bytes);
    for (int i = 0; i < 5; i++) {
      Files.write(from.resolve("copy" + i), bytes);
    }

    SyncReport report = sync(from, root, "in/there", NONE);

    assertThat(report.sent()).isEqualTo(1);
    assertThat(report.copied()).isEqualTo(4);
    assertThat(report.bytes()).isEqualTo(bytes.length);
    assertThat(look(to)).isEqualTo(look(from));
  }

  @Test
  void contentsAreComparedWhenThatIsAskedFor() throws IOException {
    write("a.txt", "hello");
    sync(from, root, "in/there", NONE);
    FileTime time = Files.getLastModifiedTime(to.resolve("a.txt"));
    Files.writeString(to.resolve("a.txt"), "HELLO");
    Files.setLastModifiedTime(to.resolve("a.txt"), time);

    assertThat(sync(from, root, "in/there", NONE).unchanged()).isEqualTo(1);
    assertThat(to.resolve("a.txt")).hasContent("HELLO");
    assertThat(sync(from, root, "in/there", NONE.withChecksum()).sent()).isEqualTo(1);
    assertThat(to.resolve("a.txt")).hasContent("hello");
  }

  @Test
  void nothingIsDeletedUnlessThatIsAskedFor() throws IOException {
    write("a.txt", "hello");
    Files.createDirectories(to.resolve("old/er"));
    Files.writeString(to.resolve("old/er/file"), "x");
    Files.writeString(to.resolve("kept.log"), "x");

    sync(from, root, "in/there", NONE);
    assertThat(to.resolve("old/er/file")).exists();

    SyncReport report = sync(from, root, "in/there", NONE.withDelete().withExclude("*.log"));
    assertThat(report.deleted()).isEqualTo(3);
    assertThat(to.resolve("old")).doesNotExist();
    assertThat(to.resolve("kept.log")).exists();
  }

  @Test
  void whatIsExcludedIsLeftAloneAtBothEnds() throws IOException {
    write("src/a.java", "a");
    write("build/a.class", "a");
    write("src/build/cache/x", "x");
    Files.createDirectories(to.resolve("build"));
    Files.writeString(to.resolve("build/theirs"), "x");

    SyncReport report =
        sync(
            from,
            root,
            "in/there",
            NONE.withDelete().withExclude("/build/").withExclude("src/**/cache"));

    assertThat(report.complete()).as("%s", report).isTrue();
    assertThat(to.resolve("build/theirs")).exists();
    assertThat(to.resolve("build/a.class")).doesNotExist();
    assertThat(to.resolve("src/build")).isEmptyDirectory();
    assertThat(to.resolve("src/a.java")).exists();
  }

  @Test
  void aDryRunTellsWhatWouldBeDoneAndDoesNothing() throws IOException {
    write("new.txt", "hello");
    Files.createDirectories(to);
    Files.writeString(to.resolve("old.txt"), "x");
    var told = new ConcurrentHashMap<String, SyncMessage.Deed>();
    var listener =
        new SyncListener() {
          @Override
          public void told(String worker, SyncMessage.Told one) {
            told.put(one.path(), one.deed());
          }
        };

    var options = NONE.withDelete().withDryRun();
    SyncReport report =
        send(
            Listing.of(from, new Exclusion(java.util.List.of())),
            root,
            "in/there",
            options,
            listener);

    assertThat(report.sent()).isEqualTo(1);
    assertThat(told)
        .containsEntry("new.txt", SyncMessage.Deed.SENT)
        .containsEntry("old.txt", SyncMessage.Deed.DELETED);
    assertThat(to.resolve("new.txt")).doesNotExist();
    assertThat(to.resolve("old.txt")).exists();
    assertThat(sync(from, root, "not/yet", options).sent()).isEqualTo(1);
    assertThat(root.resolve("not")).doesNotExist();
  }

  @Test
  void filesThatVanishOrChangeAreToldAndTheRestGoesOn() throws IOException {
    write("a-gone", "1");
    write("b-changed", "22");
    write("c-grown", "22");
    write("d-fine", "4");
    Listing listing = Listing.of(from, new Exclusion(java.util.List.of()));
    Files.delete(from.resolve("a-gone"));
    Files.writeString(from.resolve("b-changed"), "23");
    Files.setLastModifiedTime(from.resolve("b-changed"), FileTime.fromMillis(5));
    Files.writeString(from.resolve("c-grown"), "222");

    SyncReport report = send(listing, root, "in/there", NONE);

    assertThat(report.broken()).isNull();
    assertThat(report.failed()).isEqualTo(3);
    assertThat(report.failures())
        .anyMatch(line -> line.startsWith("a-gone: ") && line.contains("removed"))
        .anyMatch(line -> line.startsWith("b-changed: ") && line.contains("changed"))
        .anyMatch(line -> line.startsWith("c-grown: ") && line.contains("changed"));
    assertThat(look(to)).containsOnlyKeys("d-fine");
  }

  @Test
  void aTargetThatCannotBeWrittenIsNamed() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may write everything");
    write("a/x", "1");
    Files.createDirectories(to);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("r-xr-xr-x"));

    SyncReport report = sync(from, root, "in/there", NONE);

    assertThat(report.broken() + report.failures()).contains("permission denied");
  }

  @Test
  void aFolderInTheWayOfAFileIsNamed() throws IOException {
    write("a", "1");
    write("b", "2");
    Files.createDirectories(to.resolve("a/with"));

    SyncReport report = sync(from, root, "in/there", NONE);

    assertThat(report.failures()).singleElement().asString().startsWith("a: it is a folder");
    assertThat(to.resolve("b")).hasContent("2");
    assertThat(sync(from, root, "in/there", NONE.withDelete()).complete()).isTrue();
    assertThat(to.resolve("a")).hasContent("1");
  }

  @Test
  void aLargeFileGoesThroughAsItIs() throws IOException {
    byte[] bytes = new byte[5_000_001];
    new Random(3).nextBytes(bytes);
    Files.write(from.resolve("large"), bytes);

    assertThat(sync(from, root, "in/there", NONE).complete()).isTrue();

    assertThat(to.resolve("large")).hasBinaryContent(bytes);
    assertThat(look(to)).as("no temporary file").isEqualTo(look(from));
  }

  private void write(String path, String text) throws IOException {
    Path file = from.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** All that a folder has, by path: what it is, its mode, its time, its content. */
  static SortedMap<String, String> look(Path folder) throws IOException {
    var all = new TreeMap<String, String>();
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.filter(one -> !one.equals(folder)).toList()) {
        String what;
        if (Files.isSymbolicLink(path)) {
          what = "-> " + Files.readSymbolicLink(path);
        } else {
          what =
              PosixFilePermissions.toString(
                      Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS))
                  + " "
                  + Files.getLastModifiedTime(path).to(java.util.concurrent.TimeUnit.MICROSECONDS)
                  + (Files.isDirectory(path)
                      ? " folder"
                      : " " + java.util.HexFormat.of().formatHex(Files.readAllBytes(path)));
        }
        all.put(folder.relativize(path).toString(), what);
      }
    }
    return all;
  }
}
