package dev.fanfare.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A platform to call functions on. Calls block the thread that makes them and nothing else.
 * Thread-safe; one is enough for a program.
 *
 * <pre>{@code
 * try (var fanfare = Fanfare.connect()) {
 *   Resized small = fanfare.function("resize", Resized.class).call(new Resize(image, 200));
 * }
 * }</pre>
 */
public final class Fanfare implements AutoCloseable {
  private static final Pattern FUNCTION =
      Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}(:[a-z0-9][a-z0-9-]{0,62}|@[0-9a-f]{6,64})?");
  private static final Pattern INVOCATION = Pattern.compile("[0-9A-Za-z]{26}");

  private final Connection connection;
  private final JsonMapper json = ClientJson.mapper();

  private Fanfare(Endpoint endpoint) {
    this.connection = new Connection(endpoint);
  }

  /**
   * Finds the platform that the environment names ({@code FANFARE_URL}, {@code FANFARE_KEY}), else
   * the command line's current context. Nothing is sent yet.
   *
   * @throws IllegalStateException if neither names one, or others may use the file that holds the
   *     key
   */
  public static Fanfare connect() {
    return new Fanfare(Endpoint.find(System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  /**
   * The platform at this URL, for example {@code http://127.0.0.1:8080}. Nothing is sent yet.
   *
   * @throws IllegalArgumentException if it is no URL of a platform
   */
  public static Fanfare connect(URI url, String key) {
    return new Fanfare(new Endpoint(url, key));
  }

  /**
   * A function by {@code name}, {@code name:alias} or {@code name@revision}.
   *
   * @param result what the results are read as: {@code byte[]} and {@code String} take them as they
   *     are, {@code Void} ignores them, everything else is read from JSON
   * @throws IllegalArgumentException if it cannot be a function's name
   */
  public <R> RemoteFunction<R> function(String name, Class<R> result) {
    return function(name, json.constructType(result));
  }

  /** The same for generic results: {@code new TypeReference<List<Row>>() {}}. */
  public <R> RemoteFunction<R> function(String name, TypeReference<R> result) {
    return function(name, json.constructType(result));
  }

  /**
   * An invocation that somebody submitted, by its id.
   *
   * @throws IllegalArgumentException if it cannot be an invocation's id
   */
  public <R> Submitted<R> invocation(String id, Class<R> result) {
    return invocation(id, json.constructType(result));
  }

  /** The same for generic results. */
  public <R> Submitted<R> invocation(String id, TypeReference<R> result) {
    return invocation(id, json.constructType(result));
  }

  /** Ends the calls that are under way; each of them throws {@link Interrupted}. */
  @Override
  public void close() {
    connection.close();
  }

  private <R> RemoteFunction<R> function(String name, JavaType result) {
    if (!FUNCTION.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no function: write name, name:alias or name@revision");
    }
    return new RemoteFunction<>(connection, new Bodies<>(json, result), name, CallOptions.NONE);
  }

  private <R> Submitted<R> invocation(String id, JavaType result) {
    if (!INVOCATION.matcher(id).matches()) {
      throw new IllegalArgumentException("'" + id + "' is no invocation's id");
    }
    return new Submitted<>(connection, new Bodies<>(json, result), id);
  }
}
