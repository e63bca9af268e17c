package dev.fanfare.shipping;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A large value that many items use: it is sent to the platform once, by its content, kept by each
 * worker that runs such items, and made from its bytes once in each runtime. Wherever it travels,
 * only its name does. It is made by {@code Fanfare.share}, captured by lambdas, and may stand in
 * items where the burst's options name it. Immutable as far as the value is; thread-safe.
 */
public final class Shared<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The entry of a shipment's jar that names the shared values, a line for each. */
  static final String ENTRY = "META-INF/fanfare/shared";

  private static final Map<Place, Object> MADE = new ConcurrentHashMap<>();
  private static final ThreadLocal<@Nullable SortedSet<String>> SEEN = new ThreadLocal<>();

  private final String hash;
  private transient @Nullable T value;

  /** A value in a runtime; code of another revision has classes of its own. */
  private record Place(String hash, ClassLoader loader) {}

  private Shared(String hash, T value) {
    this.hash = hash;
    this.value = value;
  }

  /** The value's bytes and their name; {@code Fanfare.share} sends them. */
  public record Written<T>(Shared<T> shared, byte[] bytes) {}

  /**
   * Names a value by its content.
   *
   * @throws IllegalArgumentException if it is not serialisable
   */
  public static <T> Written<T> write(T value) {
    try {
      byte[] bytes = Values.write(value);
      return new Written<>(new Shared<>(CapturedValues.sha256(bytes), value), bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the value to be shared is not serialisable: " + e.getMessage(), e);
    }
  }

  /** The SHA-256 of its bytes, in hexadecimal. */
  public String hash() {
    return hash;
  }

  /**
   * The value; on a worker it is read when it is first asked for.
   *
   * @throws IllegalStateException if the burst's code does not bring it along
   */
  @SuppressWarnings("unchecked")
  public T get() {
    T known = value;
    if (known == null) {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      known = (T) MADE.computeIfAbsent(new Place(hash, loader), Shared::made);
      value = known;
    }
    return known;
  }

  private static Object made(Place place) {
    try {
      byte[] bytes = Files.readAllBytes(file(place));
      Object made = Values.read(bytes, place.loader, Values.ANY);
      if (made == null) {
        throw new InvalidObjectException("nothing is shared as " + place.hash);
      }
      return made;
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new IllegalStateException(
          "the shared value "
              + place.hash
              + " is not on this worker: name it in BurstOptions.withShared",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("a shared value cannot be read", e);
    }
  }

  /** It lies beside the jar that names it. */
  private static Path file(Place place) throws IOException {
    URL names = place.loader.getResource(ENTRY);
    if (names == null) {
      throw new FileNotFoundException("this code brings no shared values");
    }
    String jar = names.getPath();
    return Path.of(URI.create(jar.substring(0, jar.indexOf("!/")))).resolveSibling(place.hash);
  }

  // ---- finding those that a value refers to ----

  /** Writes something. */
  interface Writing<R> {
    R write() throws IOException;
  }

  /** Does this, and adds the names of all that are written meanwhile. */
  static <R> R seeing(SortedSet<String> all, Writing<R> writing) throws IOException {
    SortedSet<String> before = SEEN.get();
    SEEN.set(all);
    try {
      return writing.write();
    } finally {
      if (before == null) {
        SEEN.remove();
      } else {
        SEEN.set(before);
      }
    }
  }

  /** An empty set of names. */
  static SortedSet<String> none() {
    return new TreeSet<>();
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    SortedSet<String> seen = SEEN.get();
    if (seen != null) {
      seen.add(hash);
    }
    out.defaultWriteObject();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (hash == null || !hash.matches("[0-9a-f]{64}")) {
      throw new InvalidObjectException("a shared value has no name");
    }
  }

  @Override
  public String toString() {
    return "shared value " + hash;
  }
}
