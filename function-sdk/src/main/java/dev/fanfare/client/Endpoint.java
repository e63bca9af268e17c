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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the platform is, and the key to it.
 *
 * @param urls of its gateways, at least one, each without a slash at its end
 */
record Endpoint(List<URI> urls, @Nullable String key) {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  Endpoint {
    urls = urls.stream().map(Endpoint::checked).toList();
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("a platform has at least one URL");
    }
    if (key != null && !key.matches("[!-~]{1,512}")) {
      throw new IllegalArgumentException("the key is not printable ASCII without spaces");
    }
  }

  /** A platform with one gateway. */
  Endpoint(URI url, @Nullable String key) {
    this(List.of(url), key);
  }

  /** The first gateway. */
  URI url() {
    return urls.get(0);
  }

  /**
   * What the environment says ({@code FANFARE_URL}, of several gateways with commas between, and
   * {@code FANFARE_KEY}), else the command line's current context. URLs without a key have the key
   * of the context with one of them.
   */
  static Endpoint find(Map<String, String> environment, Path home) {
    String url = environment.getOrDefault("FANFARE_URL", "");
    String key = environment.getOrDefault("FANFARE_KEY", "");
    if (!url.isBlank() && !key.isBlank()) {
      return new Endpoint(all(url), key.strip());
    }
    String configuration = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder = configuration.isBlank() ? home.resolve(".config") : Path.of(configuration);
    JsonNode file = read(folder.resolve("fanfare").resolve("contexts.json"));
    Endpoint found = url.isBlank() ? current(file) : named(file, all(url));
    return key.isBlank() ? found : new Endpoint(found.urls, key.strip());
  }

  private static List<URI> all(String urls) {
    return Stream.of(urls.split(",", -1)).map(String::strip).map(URI::create).toList();
  }

  /** Without the key: it would end in logs. */
  @Override
  public String toString() {
    return urls.stream().map(URI::toString).collect(Collectors.joining(","));
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

  private static Endpoint named(JsonNode file, List<URI> urls) {
    List<URI> wanted = urls.stream().map(Endpoint::checked).toList();
    for (JsonNode context : file.path("contexts")) {
      if (context.path("url").isTextual()
          && wanted.contains(checked(URI.create(context.get("url").textValue())))) {
        return new Endpoint(urls, context.path("key").textValue());
      }
    }
    return new Endpoint(urls, null);
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
