package dev.fanfare.protocol;

import java.util.List;
import java.util.Optional;

/**
 * What a revision is: code and configuration. Its JSON, with keys in this order and no white space,
 * is the blob whose hash is the revision's id, so equal content is one revision.
 *
 * @param artifact the jar's hash
 * @param artifactSize the jar's bytes
 * @param javaRelease feature release of the newest class file, for example 25
 * @param functions sorted by name, at least one
 */
public record RevisionManifest(
    Sha256 artifact, long artifactSize, int javaRelease, List<FunctionSpec> functions) {

  public RevisionManifest {
    functions = List.copyOf(functions);
  }

  /** The function of this name, if the revision has it. */
  public Optional<FunctionSpec> function(FunctionName name) {
    return functions.stream().filter(f -> f.name().equals(name)).findFirst();
  }
}
