package dev.fanfare.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folder that the build runs in: its modules, their sources and their compiled classes. */
record Checkout(Path root) {

  private static final Set<String> NOT_SOURCES = Set.of("target", ".git", "node_modules");

  /** Finds the checkout around the working directory. */
  static Checkout here() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("fanfare"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException(
            "No launcher script `fanfare` in or above " + Path.of("").toAbsolutePath());
      }
    }
    return new Checkout(folder);
  }

  /** Every Java file that is not generated. */
  List<Path> javaFiles() throws IOException {
    var files = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_SOURCES.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** Every file that git tracks; some may be deleted in the folder. */
  List<Path> trackedFiles() throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files", "-z")
            .directory(root.toFile())
            .redirectErrorStream(true)
            .start();
    git.getOutputStream().close();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as("git ls-files: %s", said).isZero();
    return Arrays.stream(said.split("\0", -1))
        .filter(name -> !name.isEmpty())
        .map(root::resolve)
        .toList();
  }

  /** The main classes of one module; fails when it has none. */
  JavaClasses mainClasses(String module) {
    Path compiled = root.resolve(module).resolve("target/classes");
    assertThat(compiled)
        .as("Compiled classes of %s: run `mvn verify` from the root", module)
        .exists();
    JavaClasses classes = new ClassFileImporter().importPath(compiled);
    assertThat(classes).as("Main classes of %s", module).isNotEmpty();
    return classes;
  }

  /** The test classes of all modules together; fails when there are none. */
  JavaClasses testClasses() throws IOException {
    try (Stream<Path> modules = Files.list(root)) {
      List<Path> compiled =
          modules
              .map(module -> module.resolve("target/test-classes"))
              .filter(Files::isDirectory)
              .toList();
      JavaClasses classes = new ClassFileImporter().importPaths(compiled);
      assertThat(classes).as("Test classes of %s", root).isNotEmpty();
      return classes;
    }
  }
}
