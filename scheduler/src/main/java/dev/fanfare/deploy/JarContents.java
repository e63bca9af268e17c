package dev.fanfare.deploy;

import dev.fanfare.deploy.EntryNames.ClassEntry;
import dev.fanfare.schema.ClassSource;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** An open jar: reads every byte of it once, and any class again by name. Not thread-safe. */
final class JarContents implements ClassSource, AutoCloseable {
  private static final byte[] FUNCTION_MARK =
      "Ldev/fanfare/function/Fn;".getBytes(StandardCharsets.US_ASCII);

  private final ZipFile zip;
  private final ScanLimits limits;
  private final Problems problems;
  private final boolean multiRelease;
  private final Map<String, ClassFound> classes = new TreeMap<>();
  private final Map<String, Optional<ClassModel>> models = new HashMap<>();
  private final Map<String, List<String>> obstacles = new TreeMap<>();
  private final Unpacker unpacker;
  private boolean holdsJars;

  /** A class as the platform's Java would load it: of several releases the newest that fits. */
  private record ClassFound(String entry, int release, ClassHeader header, boolean marked) {}

  private JarContents(ZipFile zip, ScanLimits limits, Problems problems) throws IOException {
    this.zip = zip;
    this.limits = limits;
    this.problems = problems;
    this.unpacker = new Unpacker(zip, limits, problems);
    this.multiRelease = JarManifest.read(zip, problems).multiRelease();
  }

  /**
   * Opens a jar and checks that all of it can be read.
   *
   * @throws Undeployable at once, if nothing of it can be
   */
  static JarContents open(Path jar, ScanLimits limits, Problems problems) throws IOException {
    EndRecords.check(jar, limits, problems);
    ZipFile zip;
    try {
      zip = new ZipFile(jar.toFile());
    } catch (ZipException | EOFException e) {
      throw problems.fatal(
          ProblemCode.DAMAGED_JAR,
          "the jar is cut off or damaged: build or send it again (" + e.getMessage() + ")");
    }
    try {
      var contents = new JarContents(zip, limits, problems);
      contents.readAll();
      return contents;
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  @Override
  public Optional<ClassModel> find(String binaryName) {
    ClassFound found = classes.get(binaryName);
    return found == null ? Optional.empty() : model(binaryName, found);
  }

  /** Gives each class that mentions the annotation, by name. */
  void eachMarked(BiConsumer<String, ClassModel> reader) {
    classes.forEach(
        (name, found) -> {
          if (found.marked) {
            model(name, found).ifPresent(model -> reader.accept(name, model));
          }
        });
  }

  /** The feature release of the newest class. */
  int javaRelease() {
    return classes.values().stream().mapToInt(found -> found.header.release()).max().orElse(1);
  }

  /** Whether there are jars in the jar, whose classes nobody would find. */
  boolean holdsJars() {
    return holdsJars;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private void readAll() throws IOException {
    if (zip.size() == 0) {
      throw problems.fatal(
          ProblemCode.EMPTY_JAR, "the jar has no entries: was it built completely?");
    }
    if (zip.size() > limits.entries()) {
      throw problems.fatal(
          ProblemCode.TOO_MANY_ENTRIES,
          "the jar has %s entries, and at most %s are accepted: leave out what the functions do not need"
              .formatted(Problems.count(zip.size()), Problems.count(limits.entries())));
    }
    for (ZipEntry entry : Collections.list(zip.entries())) {
      EntryNames.danger(entry.getName())
          .ifPresent(
              why ->
                  problems.add(
                      ProblemCode.UNSAFE_ENTRY, entry.getName(), "the entry's name " + why));
      holdsJars |= entry.getName().endsWith(".jar");
      Optional<ClassEntry> asClass = EntryNames.asClass(entry.getName());
      if (asClass.isPresent()) {
        addClass(asClass.get(), entry);
      } else if (!entry.isDirectory()) {
        unpacker.read(entry, OutputStream.nullOutputStream());
      }
    }
    obstacles.forEach(
        (why, names) -> {
          String others =
              names.size() == 1
                  ? ""
                  : "(like %s more classes) ".formatted(Problems.count(names.size() - 1));
          problems.add(ProblemCode.NEWER_JAVA, names.getFirst(), others + why);
        });
  }

  private void addClass(ClassEntry asClass, ZipEntry entry) throws IOException {
    var content = new ByteArrayOutputStream();
    if (!unpacker.read(entry, content)) {
      return;
    }
    byte[] bytes = content.toByteArray();
    int release = asClass.release();
    if (release != EntryNames.EVERY_RELEASE
        && (!multiRelease || release > ClassHeader.PLATFORM_RELEASE)) {
      return;
    }
    Optional<ClassHeader> header = ClassHeader.read(bytes);
    if (header.isEmpty()) {
      problems.add(ProblemCode.MALFORMED_CLASS, asClass.binaryName(), "is no class file");
      return;
    }
    header
        .get()
        .obstacle()
        .ifPresent(
            why ->
                obstacles.computeIfAbsent(why, _ -> new ArrayList<>()).add(asClass.binaryName()));
    var found =
        new ClassFound(entry.getName(), release, header.get(), Bytes.contain(bytes, FUNCTION_MARK));
    ClassFound before = classes.get(asClass.binaryName());
    if (before != null && before.release == release) {
      problems.add(ProblemCode.DUPLICATE_CLASS, asClass.binaryName(), "is in the jar twice");
    }
    if (before == null || before.release < release) {
      classes.put(asClass.binaryName(), found);
    }
  }

  private Optional<ClassModel> model(String binaryName, ClassFound found) {
    return models.computeIfAbsent(binaryName, _ -> parse(binaryName, found));
  }

  /** The class, unless it is malformed or another one than its place in the jar says. */
  private Optional<ClassModel> parse(String binaryName, ClassFound found) {
    try (InputStream in = zip.getInputStream(zip.getEntry(found.entry))) {
      ClassModel model = ClassFile.of().parse(in.readNBytes(limits.classBytes()));
      String ownName = model.thisClass().asInternalName().replace('/', '.');
      if (ownName.equals(binaryName)) {
        return Optional.of(model);
      }
      problems.add(
          ProblemCode.MALFORMED_CLASS,
          binaryName,
          "the entry '"
              + found.entry
              + "' holds the class "
              + ownName
              + ": put it where its name says");
    } catch (RuntimeException e) {
      problems.add(ProblemCode.MALFORMED_CLASS, binaryName, ClassHeader.unsound(e));
    } catch (IOException e) {
      throw new UncheckedIOException("class " + binaryName + " cannot be read again", e);
    }
    return Optional.empty();
  }
}
