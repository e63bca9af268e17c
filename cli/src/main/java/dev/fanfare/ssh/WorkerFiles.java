package dev.fanfare.ssh;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars that a worker needs, by where they lie in its distribution.
 *
 * @param id changes with any of them
 * @param jars hashes by place, {@code lib/NAME.jar} or {@code runtime-lib/NAME.jar}
 * @param content where the jar of a hash is here
 */
record WorkerFiles(String id, Map<String, String> jars, Map<String, Path> content) {
  private static final String LIST = "worker-lib.txt";

  /** What a worker's command needs besides what its agent does. */
  private static final List<String> MORE =
      List.of("cli-", "worker-", "picocli-", "slf4j-jdk14-", "netty-transport-native-epoll-");

  /** Those of the distribution in this folder. */
  static WorkerFiles of(Path home) {
    try {
      Set<String> wanted =
          Arrays.stream(Files.readString(home.resolve(LIST)).strip().split("[:\\s]+"))
              .map(entry -> entry.substring(entry.lastIndexOf('/') + 1))
              .collect(Collectors.toSet());
      var jars = new TreeMap<String, String>();
      var content = new LinkedHashMap<String, Path>();
      for (Path jar : jars(home.resolve("lib"))) {
        String name = String.valueOf(jar.getFileName());
        if (wanted.contains(name) || MORE.stream().anyMatch(name::startsWith)) {
          add("lib/" + name, jar, jars, content);
        }
      }
      for (Path jar : jars(home.resolve("runtime-lib"))) {
        add("runtime-lib/" + jar.getFileName(), jar, jars, content);
      }
      String id = Sha256.of(jars.toString().getBytes(StandardCharsets.UTF_8)).brief();
      return new WorkerFiles(id, jars, content);
    } catch (IOException e) {
      throw new UncheckedIOException("the distribution in " + home + " cannot be read", e);
    }
  }

  Set<String> hashes() {
    return content.keySet();
  }

  private static void add(
      String place, Path jar, Map<String, String> jars, Map<String, Path> content)
      throws IOException {
    String hash = Sha256.of(Files.readAllBytes(jar)).hex();
    jars.put(place, hash);
    content.put(hash, jar);
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }
}
