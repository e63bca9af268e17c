package dev.fanfare.code;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.RevisionManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A revision's code, of whatever kind, ready to run. Thread-safe. */
public interface LoadedRevision extends Closeable {

  /**
   * Opens a revision; runs nothing of it.
   *
   * @param artifact the file that the manifest names by its hash
   * @param kept a folder for what is made of artifacts and may be found again by later runtimes
   * @throws IOException if it cannot be opened
   */
  static LoadedRevision open(RevisionManifest manifest, Path artifact, Path kept)
      throws IOException {
    return switch (manifest.kind()) {
      case JAR -> new RevisionCode(manifest, artifact);
      case SOURCE -> new SourceCode(manifest, artifact, kept);
      case BUILTIN -> new BuiltinCode(manifest);
      case PROGRAM -> new ProgramCode(manifest, artifact, kept);
    };
  }

  /** The loader of its classes. */
  ClassLoader classes();

  /** What the manifest says of the function, or null if it has none of the name. */
  @Nullable FunctionSpec spec(FunctionName name);

  /**
   * The function.
   *
   * @throws MissingCode if the manifest or the artifact has no such function
   * @throws LinkageError if a class that it needs cannot be loaded
   */
  LoadedFunction function(FunctionName name) throws MissingCode;

  /** Makes functions ready before they are called, for as long as told. */
  void findAhead(BooleanSupplier goOn);
}
