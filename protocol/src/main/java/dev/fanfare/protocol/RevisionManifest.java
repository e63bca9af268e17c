package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a revision is: code and configuration. Its JSON, with keys in this order and no white space,
 * is the blob whose hash is the revision's id, so equal content is one revision.
 *
 * @param artifact the artifact's hash
 * @param artifactSize the artifact's bytes
 * @param javaRelease feature release of the newest class file, for example 25
 * @param functions sorted by name, at least one
 * @param kind what the artifact is
 * @param attachments blobs that lie beside the artifact on workers, sorted
 */
public record RevisionManifest(
    Sha256 artifact,
    long artifactSize,
    int javaRelease,
    List<FunctionSpec> functions,
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = JarIsUsual.class)
        RevisionKind kind,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Sha256> attachments) {

  @JsonCreator
  public RevisionManifest {
    functions = List.copyOf(functions);
    attachments = attachments.stream().sorted(Comparator.comparing(Sha256::hex)).toList();
  }

  /** A manifest without attachments. */
  public RevisionManifest(
      Sha256 artifact,
      long artifactSize,
      int javaRelease,
      List<FunctionSpec> functions,
      RevisionKind kind) {
    this(artifact, artifactSize, javaRelease, functions, kind, List.of());
  }

  /** A jar's manifest. */
  public RevisionManifest(
      Sha256 artifact, long artifactSize, int javaRelease, List<FunctionSpec> functions) {
    this(artifact, artifactSize, javaRelease, functions, RevisionKind.JAR);
  }

  /** Every blob that it needs. */
  public List<Sha256> blobs() {
    return Stream.concat(Stream.of(artifact), attachments.stream()).toList();
  }

  /** The function of this name, if the revision has it. */
  public Optional<FunctionSpec> function(FunctionName name) {
    return functions.stream().filter(f -> f.name().equals(name)).findFirst();
  }
}
