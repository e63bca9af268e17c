package dev.fanfare.ssh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a look at the far machine found.
 *
 * @param folder its cache
 * @param system kernel and processor, as {@code uname} says
 * @param musl whether its C library is musl
 * @param java a fitting {@code java} that it has
 * @param dist whether the worker's files are there as they are to be
 * @param runtime whether the runtime that would be sent is there
 * @param hashes which jars are there
 */
record FarMachine(
    String folder,
    String system,
    boolean musl,
    Optional<String> java,
    boolean dist,
    boolean runtime,
    Set<String> hashes) {

  /** Looks; throws {@link SshException} where a worker cannot run. */
  static FarMachine look(SshTarget target, WorkerFiles files, String runtime) {
    String mark = "@" + UUID.randomUUID();
    String script =
        assign("mark", mark)
            + assign("wanted_folder", target.folder().orElse(""))
            + assign("wanted_java", target.java().orElse(""))
            + assign("hashes", String.join(" ", files.hashes()))
            + assign("dist", files.id())
            + assign("runtime", runtime)
            + script();
    try (var call = SshCall.start(target, "exec sh", line -> {})) {
      FarMachine found = read(target, call, mark, script);
      call.finish("looking at it");
      return found;
    } catch (IOException e) {
      throw SshException.unreachable(target, "the connection broke: " + e.getMessage());
    }
  }

  private static FarMachine read(SshTarget target, SshCall call, String mark, String script)
      throws IOException {
    try (OutputStream in = call.in()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw call.failure(call.await(), "looking at it");
    }
    String folder = null;
    String system = "";
    boolean musl = false;
    boolean dist = false;
    boolean runtime = false;
    Optional<String> java = Optional.empty();
    Set<String> hashes = new HashSet<>();
    var reader = new BufferedReader(new InputStreamReader(call.out(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.startsWith(mark + " ")) {
        continue; // what the login scripts print
      }
      String[] said = line.substring(mark.length() + 1).split(" ", 2);
      String value = said.length > 1 ? said[1] : "";
      switch (said[0]) {
        case "problem" -> throw SshException.because(target, value);
        case "folder" -> folder = value;
        case "machine" -> system = value;
        case "musl" -> musl = true;
        case "java" -> java = Optional.of(value);
        case "dist" -> dist = true;
        case "runtime" -> runtime = true;
        case "have" -> hashes.add(value);
        default -> {}
      }
    }
    if (folder == null) {
      int exit = call.await();
      throw exit == 0
          ? SshException.because(target, "its sh did not answer: is its login shell a shell?")
          : call.failure(exit, "looking at it");
    }
    return new FarMachine(folder, system, musl, java, dist, runtime, Set.copyOf(hashes));
  }

  private static String assign(String name, String value) {
    return name + "='" + value.replace("'", "'\\''") + "'\n";
  }

  private static String script() {
    try (InputStream in =
        Objects.requireNonNull(FarMachine.class.getResourceAsStream("look.sh"), "look.sh")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
