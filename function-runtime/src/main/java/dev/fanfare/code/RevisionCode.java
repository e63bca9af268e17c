package dev.fanfare.code;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.json.FunctionJson;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.RevisionManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A revision's code in a class loader of its own. Functions are found when they are first called.
 * Thread-safe.
 */
final class RevisionCode implements LoadedRevision {
  /** The most functions that are found before they are called. */
  private static final int MOST_AHEAD = 32;

  private final RevisionManifest manifest;
  private final JarClasses classes;
  private final JsonMapper json = FunctionJson.mapper();
  private final Map<FunctionName, Found> functions = new ConcurrentHashMap<>();
  private final Map<Class<?>, Instance> instances = new ConcurrentHashMap<>();

  private record Found(FunctionSpec spec, LoadedFunction function) {}

  /**
   * Opens the jar; runs nothing of it.
   *
   * @throws IOException if it cannot be opened
   */
  RevisionCode(RevisionManifest manifest, Path artifact) throws IOException {
    this.manifest = manifest;
    this.classes = new JarClasses(artifact, new PlatformClasses());
  }

  @Override
  public ClassLoader classes() {
    return classes;
  }

  @Override
  public @Nullable FunctionSpec spec(FunctionName name) {
    Found known = functions.get(name);
    return known != null ? known.spec() : manifest.function(name).orElse(null);
  }

  /**
   * The function, with its class loaded but not initialised.
   *
   * @throws MissingCode if the manifest or the jar has no such function
   * @throws LinkageError if a class that it needs cannot be loaded
   */
  @Override
  public LoadedFunction function(FunctionName name) throws MissingCode {
    Found known = functions.get(name);
    if (known != null) {
      return known.function();
    }
    FunctionSpec spec =
        manifest
            .function(name)
            .orElseThrow(() -> new MissingCode("the revision has no function '" + name + "'"));
    LoadedFunction found = FunctionCode.find(spec, classes, json, this::instance);
    functions.put(name, new Found(spec, found));
    return found;
  }

  /**
   * Finds functions before they are called, so that their first calls need not; one that cannot be
   * found is left to its call.
   */
  @Override
  public void findAhead(BooleanSupplier goOn) {
    var some = manifest.functions().stream().limit(MOST_AHEAD).iterator();
    while (some.hasNext() && goOn.getAsBoolean()) {
      try {
        function(some.next().name());
      } catch (MissingCode | LinkageError | RuntimeException e) {
        System.getLogger(RevisionCode.class.getName())
            .log(System.Logger.Level.DEBUG, "a function is not ready ahead", e);
      }
    }
  }

  /** Closes the jar; classes that are not loaded yet cannot be any more. */
  @Override
  public void close() throws IOException {
    classes.close();
  }

  private Object instance(Class<?> type) throws Throwable {
    return instances.computeIfAbsent(type, Instance::new).get();
  }
}
