package dev.fanfare.deploy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.ProgramManifest;
import dev.fanfare.protocol.ProgramManifest.Program;
import dev.fanfare.protocol.RevisionKind;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Makes a revision of a packed folder with programs: its {@code fanfare.json} tells which. */
public final class ProgramScan {
  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 1L << 30;
  private static final int MOST_MANIFEST_BYTES = 1 << 20;

  private ProgramScan() {}

  /**
   * The revision of a folder.
   *
   * @param folder the zip file as it was kept
   * @param artifact its hash
   * @throws Undeployable if it cannot be one
   */
  public static RevisionManifest scan(Path folder, Sha256 artifact) {
    var problems = new Problems();
    try (var zip = new ZipFile(folder.toFile())) {
      checkEntries(zip, problems);
      ProgramManifest programs = read(zip, problems);
      List<FunctionSpec> functions =
          programs.programs().entrySet().stream()
              .map(each -> spec(each.getKey(), each.getValue()))
              .toList();
      return new RevisionManifest(
          artifact,
          Files.size(folder),
          Runtime.version().feature(),
          functions,
          RevisionKind.PROGRAM);
    } catch (ZipException e) {
      throw problems.fatal(
          ProblemCode.NOT_A_JAR, "the folder did not come as a zip file: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + folder + " cannot be read", e);
    }
  }

  private static void checkEntries(ZipFile zip, Problems problems) {
    if (zip.size() > MOST_ENTRIES) {
      throw problems.fatal(
          ProblemCode.TOO_MANY_ENTRIES,
          "the folder has " + zip.size() + " files; at most " + MOST_ENTRIES + " are taken");
    }
    long bytes = 0;
    for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
      EntryNames.danger(entry.getName())
          .ifPresent(
              why -> problems.add(ProblemCode.UNSAFE_ENTRY, entry.getName(), "the name " + why));
      bytes += Math.max(0, entry.getSize());
    }
    if (bytes > MOST_BYTES) {
      throw problems.fatal(
          ProblemCode.TOO_LARGE, "the folder has more than " + MOST_BYTES + " bytes");
    }
    problems.refuseIfAny();
  }

  private static ProgramManifest read(ZipFile zip, Problems problems) throws IOException {
    ZipEntry entry = zip.getEntry(ProgramManifest.FILE);
    if (entry == null) {
      throw problems.fatal(
          ProblemCode.NO_FUNCTIONS, "the folder has no " + ProgramManifest.FILE + " at its top");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return ProgramManifest.read(in.readNBytes(MOST_MANIFEST_BYTES));
    } catch (IllegalArgumentException e) {
      throw problems.fatal(ProblemCode.BAD_SETTING, String.valueOf(e.getMessage()));
    }
  }

  private static FunctionSpec spec(FunctionName name, Program program) {
    return new FunctionSpec(
        name,
        String.join(" ", program.command()),
        program.mode().name().toLowerCase(Locale.ROOT),
        "",
        List.of(),
        program.result(),
        program.policy(),
        JsonNodeFactory.instance.objectNode(),
        JsonNodeFactory.instance.objectNode());
  }
}
