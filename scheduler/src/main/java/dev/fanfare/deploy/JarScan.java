package dev.fanfare.deploy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fanfare.protocol.RevisionKind;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.schema.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads the functions of a jar from its class files. No class of it is ever loaded.
 *
 * <p>A function is a public method with {@code @Fn}, static or of a public class that has a public
 * constructor without parameters. A jar has at most 65,536 entries, 1 GiB unpacked, and 1,000
 * functions.
 */
public final class JarScan {

  private static final String ATTACHMENTS = "META-INF/fanfare/shared";
  private static final int MOST_ATTACHMENTS = 1_000;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private JarScan() {}

  /**
   * Scans a jar. Reads every byte of it once, and blocks meanwhile.
   *
   * @param artifact the hash of the jar's bytes
   * @return what its revision is
   * @throws Undeployable if it is no jar, has no functions, or any function is wrong; names
   *     everything
   * @throws UncheckedIOException if the file cannot be read
   */
  public static RevisionManifest scan(Path jar, Sha256 artifact) {
    return scan(jar, artifact, ScanLimits.DEFAULT);
  }

  static RevisionManifest scan(Path jar, Sha256 artifact, ScanLimits limits) {
    var problems = new Problems();
    try (var contents = JarContents.open(jar, limits, problems)) {
      var reader = new FunctionReader(new Schemas(contents), problems, limits);
      contents.eachMarked(reader::read);
      if (!reader.anySeen()) {
        problems.add(ProblemCode.NO_FUNCTIONS, "", noFunctions(contents));
      }
      problems.refuseIfAny();
      return new RevisionManifest(
          artifact,
          Files.size(jar),
          contents.javaRelease(),
          List.copyOf(reader.functions().values()),
          RevisionKind.JAR,
          attachments(jar));
    } catch (IOException e) {
      throw new UncheckedIOException("the jar " + jar + " cannot be read", e);
    }
  }

  /** The shared values that a shipped lambda uses: a line for the hash of each. */
  private static List<Sha256> attachments(Path jar) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = zip.getEntry(ATTACHMENTS);
      if (entry == null) {
        return List.of();
      }
      try (InputStream in = zip.getInputStream(entry)) {
        String names = new String(in.readNBytes(MOST_ATTACHMENTS * 65), US_ASCII);
        return names.lines().filter(HASH.asMatchPredicate()).map(Sha256::new).toList();
      }
    }
  }

  private static String noFunctions(JarContents contents) {
    String advice =
        "no method in the jar has @Fn: annotate public methods with dev.fanfare.function.Fn";
    return contents.holdsJars()
        ? advice + "; classes in jars inside of it are not seen, so pack them into one flat jar"
        : advice;
  }
}
