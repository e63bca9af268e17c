package dev.fanfare.image;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import dev.fanfare.platform.Version;
import dev.fanfare.terminal.CommandException;
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
 * Builds images of the platform. From scratch they hold a linked Java runtime, this machine's C
 * library and the distribution; on a base image that has a C library, the runtime and the
 * distribution.
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

  /** Builds the platform's image: its program is this command line. */
  public List<BuiltImage> platform(List<ImageTarget> targets) {
    return build(targets, this::platformRecipe);
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
            Layers.JAVA + "/bin:/usr/local/bin:/usr/bin:/bin",
            "LC_ALL",
            "C.UTF-8",
            "HOME",
            Layers.DATA,
            "XDG_DATA_HOME",
            Layers.DATA,
            "XDG_CONFIG_HOME",
            Layers.DATA + "/config"),
        Map.of(
            "org.opencontainers.image.title",
            "fanfare",
            "org.opencontainers.image.version",
            Version.NUMBER));
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
      try (Stream<Path> jars = Files.list(home.resolve(folder))) {
        jars.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static boolean isOurs(Path file) {
    return file.getFileName().toString().endsWith("-" + Version.NUMBER + ".jar");
  }
}
