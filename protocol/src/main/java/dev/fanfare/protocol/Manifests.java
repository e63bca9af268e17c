package dev.fanfare.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes and reads the bytes of a {@link RevisionManifest}. Equal manifests give equal bytes, so
 * that the bytes' hash can be the revision's id: keys in declared order, no white space, absent
 * values left out, lengths of time as text ({@code 30s}).
 */
public final class Manifests {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Policy.class, new PolicyJson.Writer())
                  .addDeserializer(Policy.class, new PolicyJson.Reader()))
          .build();

  private Manifests() {}

  /** The manifest's canonical bytes. */
  public static byte[] write(RevisionManifest manifest) {
    try {
      return JSON.writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(
          "the manifest of " + manifest.artifact() + " cannot be written", e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no manifest, or one of a newer platform
   */
  public static RevisionManifest read(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      if (!(json instanceof ObjectNode manifest)) {
        throw new IllegalArgumentException("not a revision's manifest: it is no JSON object");
      }
      if (!manifest.has("kind")) {
        manifest.put("kind", RevisionKind.JAR.code());
      }
      if (!manifest.has("attachments")) {
        manifest.putArray("attachments");
      }
      return JSON.treeToValue(json, RevisionManifest.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a revision's manifest: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be read", e);
    }
  }

  /** The id of the revision with this manifest: the hash of its canonical bytes. */
  public static RevisionId id(RevisionManifest manifest) {
    return new RevisionId(Sha256.of(write(manifest)));
  }
}
