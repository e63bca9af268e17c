package dev.fanfare.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the platform is, and the key to it.
 *
 * @param url without a slash at its end
 */
record Endpoint(URI url, @Nullable String key) {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  Endpoint {
    url = checked(url);
    if (key != null && !key.matches("[!-~]{1,512}")) {
      throw new IllegalArgumentException("the key is not printable ASCII without spaces");
    }
  }

  /**
   * What the environment says ({@code FANFARE_URL}, {@code FANFARE_KEY}), else the command line's
   * current context. A URL without a key has the key of the context with the same URL.
   */
  static Endpoint find(Map<String, String> environment, Path home) {
    String url = environment.getOrDefault("FANFARE_URL", "");
    String key = environment.getOrDefault("FANFARE_KEY", "");
    if (!url.isBlank() && !key.isBlank()) {
      return new Endpoint(URI.create(url.strip()), key.strip());
    }
    String configuration = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder = configuration.isBlank() ? home.resolve(".config") : Path.of(configuration);
    JsonNode file = read(folder.resolve("fanfare").resolve("contexts.json"));
    Endpoint found = url.isBlank() ? current(file) : named(file, URI.create(url.strip()));
    return key.isBlank() ? found : new Endpoint(found.url, key.strip());
  }

  /** Without the key: it would end in logs. */
  @Override
  public String toString() {
    return url.toString();
  }

  private static Endpoint current(JsonNode file) {
    String current = file.path("current").asText();
    JsonNode context = file.path("contexts").path(current);
    if (!context.path("url").isTextual()) {
      throw new IllegalStateException(
          "no platform is named: set FANFARE_URL and FANFARE_KEY, or start one with fanfare up");
    }
    return new Endpoint(
        URI.create(context.get("url").textValue()), context.path("key").textValue());
  }

  private static Endpoint named(JsonNode file, URI url) {
    for (JsonNode context : file.path("contexts")) {
      if (context.path("url").isTextual()
          && checked(URI.create(context.get("url").textValue())).equals(checked(url))) {
        return new Endpoint(url, context.path("key").textValue());
      }
    }
    return new Endpoint(url, null);
  }

  private static JsonNode read(Path file) {
    try {
      refuseIfShared(file);
      return new ObjectMapper().readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return new ObjectMapper().createObjectNode();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(file + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static void refuseIfShared(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (!OWNERS.containsAll(permissions)) {
      throw new IllegalStateException(
          file
              + " holds keys, and others may use it ("
              + PosixFilePermissions.toString(permissions)
              + "): chmod 600 "
              + file);
    }
  }

  private static URI checked(URI url) {
    boolean web =
        "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    if (!web
        || url.getHost() == null
        || url.getQuery() != null
        || url.getFragment() != null
        || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "'" + url + "' is no platform's URL: write http://127.0.0.1:8080 or https://host");
    }
    return URI.create(url.toString().replaceAll("/+$", ""));
  }
}
