package dev.fanfare.container;

import dev.fanfare.cache.CachedRevision;
import java.io.IOException;

/**
 * Makes the images of revisions, each a runtime with the revision's code in it. Blocks;
 * thread-safe.
 */
public interface RevisionImages {
  /** What the names of workers' images begin with. */
  String REPOSITORY = "fanfare-function";

  /** The class path of the runtime in an image. */
  String CLASS_PATH = "/opt/fanfare/runtime-lib/*";

  /** The revision's manifest in its image. */
  String MANIFEST = "/opt/function/manifest.json";

  /** The revision's artifact in its image. */
  String ARTIFACT = "/opt/function/artifact";

  /** Whether images can be made on this machine. */
  boolean possible();

  /**
   * The name of the revision's image, which the engine has when this returns.
   *
   * @param repository what the name begins with
   * @throws IOException in words, if it cannot be made
   */
  String of(CachedRevision revision, Engine engine, String repository) throws IOException;
}
