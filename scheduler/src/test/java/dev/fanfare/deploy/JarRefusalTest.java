package dev.fanfare.deploy;

import static dev.fanfare.deploy.Refusals.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no good jars, and jars that are no good. */
class JarRefusalTest {
  @TempDir Path folder;

  @Test
  void anEmptyFile() throws IOException {
    refused(file(new byte[0])).with(ProblemCode.EMPTY_JAR, "", "the file is empty, 0 bytes");
  }

  @Test
  void aFileThatIsNoJar() throws IOException {
    refused(file("#!/bin/sh\necho hello\n".getBytes(UTF_8)))
        .with(ProblemCode.NOT_A_JAR, "", "its 21 bytes are no zip file");
  }

  @Test
  void aJarWithoutEntries() throws IOException {
    Path jar = folder.resolve("none.jar");
    new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(jar))).close();
    refused(jar).with(ProblemCode.EMPTY_JAR, "", "the jar has no entries");
  }

  @Test
  void aJarThatIsCutOffAnywhere() throws IOException {
    byte[] jar = Files.readAllBytes(good().write());
    for (int length : new int[] {4, 30, jar.length / 2, jar.length - 23}) {
      refused(file(Arrays.copyOf(jar, length)))
          .with(ProblemCode.DAMAGED_JAR, "", "the jar is cut off");
    }
  }

  @Test
  void aJarWhoseBytesWereChanged() throws IOException {
    byte[] text = new byte[10_000];
    new Random(1).nextBytes(text);
    byte[] jar = Files.readAllBytes(good().entry("notes.bin", text).write());
    byte[] changed = jar.clone();
    changed[200] ^= 0x40;
    refused(file(changed)).with(ProblemCode.DAMAGED_JAR, "notes.bin", "damaged");
  }

  @Test
  void anyDamageIsRefusedOrHarmlessAndNeverAnythingElse() throws IOException {
    byte[] jar = Files.readAllBytes(good().write());
    var random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = jar.clone();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = file(damaged);
      try {
        assertThat(TestJar.scan(file).functions()).isNotEmpty();
      } catch (Undeployable e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
  }

  @Test
  void anyDamageInsideAClassIsRefusedOrHarmlessAndNeverAnythingElse() {
    var classes = good().classes();
    byte[] sound = classes.get("app/Functions.class");
    var random = new Random(11);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = sound.clone();
      for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
        damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt();
      }
      Path jar = TestJar.in(folder).entry("app/Functions.class", damaged).write();
      try {
        TestJar.scan(jar);
      } catch (Undeployable e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
  }

  @Test
  void aHundredThousandEntries() throws IOException {
    Path jar = folder.resolve("many.jar");
    try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)))) {
      for (int i = 0; i < 100_000; i++) {
        zip.putNextEntry(new ZipEntry("f" + i));
      }
    }
    refused(jar)
        .with(
            ProblemCode.TOO_MANY_ENTRIES,
            "",
            "the jar has 100,000 entries, and at most 65,536 are accepted");
  }

  @Test
  void aTableOfContentsThatClaimsToBeHuge() throws IOException {
    byte[] jar = Files.readAllBytes(good().entry("pad", new byte[0]).write());
    byte[] large = Arrays.copyOf(new byte[20 << 20], (20 << 20) + 22);
    ByteBuffer.wrap(large).put(jar, 0, 30);
    System.arraycopy(jar, jar.length - 22, large, 20 << 20, 22);
    ByteBuffer.wrap(large)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt((20 << 20) + 12, 19 << 20);
    refused(file(large))
        .with(ProblemCode.TOO_MANY_ENTRIES, "", "table of contents has more than 16,777,216 bytes");
  }

  @Test
  void aJarThatUnpacksToMoreThanTheLimit() throws IOException {
    Path jar = good().entry("zeros", new byte[3 << 20]).write();
    assertThat(Files.size(jar)).isLessThan(100_000);
    var limits = new ScanLimits(100, 1 << 20, 2 << 20, 1 << 20, 10);
    refused(() -> JarScan.scan(jar, Refusals.HASH, limits))
        .with(
            ProblemCode.TOO_LARGE,
            "",
            "more than 2,097,152 bytes when unpacked (reached in 'zeros')");
  }

  @Test
  void aClassFileOfMoreThanTheLimit() {
    Path jar = good().entry("Huge.class", new byte[1 << 20]).write();
    var limits = new ScanLimits(100, 1 << 20, 8 << 20, 100_000, 10);
    refused(() -> JarScan.scan(jar, Refusals.HASH, limits))
        .with(ProblemCode.TOO_LARGE, "", "the class file 'Huge.class' has more than 100,000 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "a/../../b",
        "a/..",
        "/etc/passwd",
        "C:/windows",
        "a\\..\\b",
        "./a",
        "bell\u0007"
      })
  void anEntryThatLeadsOutOfTheJar(String name) {
    refused(good().entry(name, new byte[] {1}).write())
        .with(ProblemCode.UNSAFE_ENTRY, Problems.printable(name), "the entry's name ");
  }

  @Test
  void aClassFromANewerJavaAndHowManyMore() {
    int newer = Runtime.version().feature() + 1;
    byte[] header = {
      (byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, (byte) (44 + newer)
    };
    refused(good().entry("lib/B.class", header).entry("lib/A.class", header).write())
        .with(
            ProblemCode.NEWER_JAVA,
            "lib.B",
            "(like 1 more classes) is compiled for Java "
                + newer
                + ", and the platform runs Java "
                + (newer - 1)
                + ": compile with --release "
                + (newer - 1));
  }

  @Test
  void aClassWithPreviewFeatures() {
    int ours = 44 + Runtime.version().feature();
    byte[] header = {
      (byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, (byte) 0xFF, (byte) 0xFF, 0, (byte) ours
    };
    refused(good().entry("lib/A.class", header).write())
        .with(ProblemCode.NEWER_JAVA, "lib.A", "uses preview features");
  }

  @Test
  void aClassThatIsNone() {
    refused(good().entry("lib/A.class", "hello, world".getBytes(UTF_8)).write())
        .with(ProblemCode.MALFORMED_CLASS, "lib.A", "is no class file");
  }

  @Test
  void aClassInAnotherPlaceThanItsNameSays() {
    byte[] moved = good().classes().get("app/Functions.class");
    refused(TestJar.in(folder).entry("lib/Other.class", moved).write())
        .with(
            ProblemCode.MALFORMED_CLASS,
            "lib.Other",
            "the entry 'lib/Other.class' holds the class app.Functions");
  }

  @Test
  void aClassThatIsThereTwice() throws IOException {
    byte[] bytes =
        good().entry("app/FunctionX.class", new byte[0]).classes().get("app/Functions.class");
    Path jar =
        TestJar.in(folder)
            .entry("app/Functions.class", bytes)
            .entry("app/FunctionX.class", bytes)
            .write();
    byte[] all = Files.readAllBytes(jar);
    byte[] from = "app/FunctionX.class".getBytes(UTF_8);
    for (int i = 0; i + from.length <= all.length; i++) {
      if (Arrays.equals(all, i, i + from.length, from, 0, from.length)) {
        System.arraycopy("app/Functions.class".getBytes(UTF_8), 0, all, i, from.length);
      }
    }
    refused(file(all)).with(ProblemCode.DUPLICATE_CLASS, "app.Functions", "is in the jar twice");
  }

  @Test
  void aManifestThatNamesOtherJars() {
    refused(good().manifest("Class-Path: lib/a.jar ../b.jar\n").write())
        .with(
            ProblemCode.CLASS_PATH,
            "META-INF/MANIFEST.MF",
            "names other files (lib/a.jar ../b.jar), which are not deployed");
  }

  @Test
  void aManifestThatIsNone() {
    refused(good().entry("META-INF/MANIFEST.MF", "no colon here\n".getBytes(UTF_8)).write())
        .with(ProblemCode.DAMAGED_JAR, "META-INF/MANIFEST.MF", "the manifest cannot be read");
  }

  @Test
  void aJarWithoutFunctionsSaysWhatToAdd() {
    String plain = "package app; public class Plain { public void run() {} }";
    refused(TestJar.in(folder).source(plain).write())
        .with(ProblemCode.NO_FUNCTIONS, "", "annotate public methods with dev.fanfare.function.Fn");
    refused(TestJar.in(folder).source(plain).entry("BOOT-INF/lib/app.jar", new byte[9]).write())
        .with(ProblemCode.NO_FUNCTIONS, "", "pack them into one flat jar");
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    Path jar =
        good()
            .entry("../evil", new byte[0])
            .entry("lib/A.class", new byte[3])
            .manifest("Class-Path: x.jar\n")
            .write();
    assertThat(refused(jar).codes())
        .containsExactly(
            ProblemCode.CLASS_PATH, ProblemCode.UNSAFE_ENTRY, ProblemCode.MALFORMED_CLASS);
  }

  @Test
  void moreThanAHundredProblemsAreCountedOnly() {
    TestJar jar = good();
    for (int i = 0; i < 250; i++) {
      jar.entry("../evil" + i, new byte[0]);
    }
    Undeployable refusal = refused(jar.write()).exception();
    assertThat(refusal.problems()).hasSize(101);
    assertThat(refusal.problems().getLast().message()).isEqualTo("and 150 more problems");
  }

  private TestJar good() {
    return TestJar.in(folder)
        .source(TestJar.functions("@Fn public String hello(String name) { return name; }"));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(folder, "file", ".jar"), bytes);
  }
}
