package dev.fanfare.image;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import dev.fanfare.container.RevisionImages;
import dev.fanfare.platform.Distribution;
import dev.fanfare.platform.Version;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Builds images of the platform, and of functions with their runtime. From scratch they hold a
 * linked Java runtime, this machine's C library and the distribution, or its part that functions
 * need; on a base image that has a C library, the same without that.
 *
 * @param home the distribution's folder
 * @param java the JDK to link a runtime from
 * @param cache where runtimes and layers are kept between builds
 * @param base a base image; absent for images from scratch
 * @param locales language tags that the runtime knows besides English
 * @param path where the program of an engine is looked for, as in the environment
 * @param tell where progress and warnings go
 */
public record Images(
    Path home,
    Path java,
    Path cache,
    Optional<String> base,
    List<String> locales,
    String path,
    Consumer<String> tell) {
  private static final String PATH = Layers.JAVA + "/bin:/usr/local/bin:/usr/bin:/bin";

  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseSerialGC",
          "-Xss512k",
          "-XX:MaxRAMPercentage=40",
          // Other containers come, go and change their addresses.
          "-Dsun.net.inetaddr.ttl=5",
          "-Dsun.net.inetaddr.negative.ttl=1");

  /** Those of this process's distribution and Java, from scratch unless there is a base. */
  public static Images of(Shell shell, Optional<String> base, List<String> locales) {
    return new Images(
        Distribution.ofProcess().home(),
        Path.of(System.getProperty("java.home")),
        shell.cacheFolder(),
        base,
        locales,
        shell.variable("PATH").orElse(""),
        shell::say);
  }

  /** Builds the platform's image: its program is this command line. */
  public List<BuiltImage> platform(List<ImageTarget> targets) {
    return build(targets, this::platformRecipe);
  }

  /**
   * Builds the image of a function's revision: its code and a runtime, as a worker starts it.
   *
   * @param manifest the revision's manifest
   * @param artifact what it was deployed from
   */
  public List<BuiltImage> revision(
      List<ImageTarget> targets, RevisionId id, Path manifest, Path artifact) {
    return build(
        targets,
        temporary ->
            runtimeRecipe(temporary)
                .with(
                    Layers.revision(manifest, artifact),
                    Map.of("dev.fanfare.revision", id.toString())));
  }

  private interface Recipe {
    ImageRecipe in(Path temporary) throws IOException;
  }

  private List<BuiltImage> build(List<ImageTarget> targets, Recipe recipe) {
    try {
      Path temporary = Files.createTempDirectory("fanfare-image-");
      try {
        var kitchen = new ImageBuild(recipe.in(temporary), cache.resolve("layers"), path, tell);
        return targets.stream().map(kitchen::to).toList();
      } finally {
        Folders.delete(temporary);
      }
    } catch (IOException e) {
      throw CommandException.platform("the image cannot be composed: " + e).causedBy(e);
    }
  }

  private ImageRecipe platformRecipe(Path temporary) throws IOException {
    var layers = new ArrayList<>(runtimeLayers(temporary));
    List<Path> files = distributionFiles();
    layers.add(
        Layers.distribution(
            "libraries", home, files.stream().filter(file -> !isOurs(file)).toList()));
    layers.add(
        Layers.distribution("fanfare", home, files.stream().filter(Images::isOurs).toList()));
    var entrypoint = new ArrayList<>(List.of(Layers.JAVA + "/bin/java"));
    entrypoint.addAll(JVM_OPTIONS);
    entrypoint.addAll(
        List.of(
            "-Dfanfare.home=" + Layers.HOME,
            "-cp",
            Layers.HOME + "/lib/*",
            "dev.fanfare.cli.Main"));
    return new ImageRecipe(
        base,
        List.copyOf(layers),
        entrypoint,
        Map.of(
            "PATH",
            PATH,
            "LC_ALL",
            "C.UTF-8",
            "HOME",
            Layers.DATA,
            "XDG_DATA_HOME",
            Layers.DATA,
            "XDG_CONFIG_HOME",
            Layers.DATA + "/config"),
        labels("fanfare"));
  }

  /** What a worker starts in a container, with the place of its socket as the one argument. */
  private ImageRecipe runtimeRecipe(Path temporary) throws IOException {
    var layers = new ArrayList<>(runtimeLayers(temporary));
    layers.add(Layers.distribution("runtime", home, jars("runtime-lib")));
    return new ImageRecipe(
        base,
        List.copyOf(layers),
        List.of(
            Layers.JAVA + "/bin/java",
            "-cp",
            RevisionImages.CLASS_PATH,
            "dev.fanfare.runtime.RuntimeMain"),
        Map.of("PATH", PATH, "LC_ALL", "C.UTF-8"),
        labels("fanfare function"));
  }

  private static Map<String, String> labels(String title) {
    return Map.of(
        "org.opencontainers.image.title",
        title,
        "org.opencontainers.image.version",
        Version.NUMBER);
  }

  private List<FileEntriesLayer> runtimeLayers(Path temporary) throws IOException {
    LinkedJava linked = LinkedJava.of(java, locales, cache);
    return base.isPresent()
        ? List.of(Layers.java(linked), Layers.data(temporary))
        : List.of(
            Layers.java(linked),
            Layers.system(CLibraries.of(linked)),
            Layers.user(temporary),
            Layers.data(temporary));
  }

  private List<Path> distributionFiles() throws IOException {
    var files = new ArrayList<Path>();
    for (String folder : List.of("lib", "runtime-lib", "examples")) {
      files.addAll(jars(folder));
    }
    return files;
  }

  /** The jars of a folder of the distribution. */
  List<Path> jars(String folder) throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve(folder))) {
      return jars.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static boolean isOurs(Path file) {
    return file.getFileName().toString().endsWith("-" + Version.NUMBER + ".jar");
  }
}
