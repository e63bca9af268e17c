package dev.fanfare.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One thing that a declaration names. */
sealed interface Declared {
  /** Looks at this machine. */
  Finding find(Map<String, String> environment);

  /** A tool or a package that a command tells the version of. */
  record Versioned(String name, VersionRange wanted, List<String> command, Pattern match)
      implements Declared {
    @Override
    public Finding find(Map<String, String> environment) {
      String found = Asking.version(command, match);
      boolean fits = !found.equals(Finding.MISSING) && wanted.contains(found);
      return new Finding(name, found, fits ? Optional.empty() : Optional.of(wanted.toString()));
    }
  }

  /** A variable of the worker's environment; a value that is not declared is told by its hash. */
  record Variable(String name, Optional<String> wanted) implements Declared {
    @Override
    public Finding find(Map<String, String> environment) {
      String value = environment.get(name);
      String shown =
          value == null
              ? Finding.MISSING
              : wanted.isPresent()
                  ? value
                  : "sha256:"
                      + hex(sha256().digest(value.getBytes(StandardCharsets.UTF_8)))
                          .substring(0, 12);
      boolean fits = value != null && wanted.map(value::equals).orElse(true);
      return new Finding(
          "environment." + name, shown, fits ? Optional.empty() : Optional.of(wanted.orElse("*")));
    }
  }

  /** A file by the SHA-256 of its content. */
  record HashedFile(Path path, Optional<String> wanted) implements Declared {
    @Override
    public Finding find(Map<String, String> environment) {
      String found = hash();
      boolean fits = !found.equals(Finding.MISSING) && wanted.map(found::equals).orElse(true);
      return new Finding(
          "file." + path, found, fits ? Optional.empty() : Optional.of(wanted.orElse("*")));
    }

    private String hash() {
      MessageDigest digest = sha256();
      byte[] buffer = new byte[128 * 1024];
      try (InputStream in = Files.newInputStream(path)) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          digest.update(buffer, 0, count);
        }
        return hex(digest.digest());
      } catch (IOException e) {
        return Finding.MISSING;
      }
    }
  }

  private static MessageDigest sha256() {
    return dev.fanfare.protocol.Sha256.digest();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
