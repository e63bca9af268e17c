package dev.fanfare.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The registry's entries in the directory. Each is written by itself, so that two nodes that change
 * different things at one moment do not undo each other's work:
 *
 * <pre>
 * revision/ID                   {"createdAt": micros, "manifest": text}, never changed
 * part/TENANT/FUNCTION/ID       {}: the revision has this function in the tenant
 * live/TENANT/FUNCTION          {"moves": [{"revision", "at"}, …]}, where live points last
 * alias/TENANT/FUNCTION/ALIAS   {"revision"}
 * </pre>
 */
final class Entries {
  static final String REVISIONS = "revision/";
  static final String PARTS = "part/";
  static final String LIVE = "live/";
  static final String ALIASES = "alias/";

  /** Of the moves of live, how many of the latest are kept. */
  static final int MOST_MOVES = 100;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Entries() {}

  static boolean isOurs(String key) {
    return !key.startsWith("key/") && !key.startsWith("burst/");
  }

  static String revision(RevisionId id) {
    return REVISIONS + id;
  }

  static String part(TenantId tenant, FunctionName function, RevisionId revision) {
    return PARTS + tenant + "/" + function + "/" + revision;
  }

  static String live(TenantId tenant, FunctionName function) {
    return LIVE + tenant + "/" + function;
  }

  static String alias(TenantId tenant, FunctionName function, String alias) {
    return ALIASES + tenant + "/" + function + "/" + alias;
  }

  static byte[] empty() {
    return bytes(JsonNodeFactory.instance.objectNode());
  }

  static byte[] write(DeployedRevision revision) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("createdAt", micros(revision.createdAt()));
    json.put("manifest", new String(Manifests.write(revision.manifest()), StandardCharsets.UTF_8));
    return bytes(json);
  }

  static DeployedRevision revision(RevisionId id, byte[] value) {
    JsonNode json = read(value);
    byte[] manifest = manifest(json);
    return new DeployedRevision(
        id, instant(json.path("createdAt").asLong()), Manifests.read(manifest));
  }

  /** The manifest's bytes as they were hashed. */
  static byte[] manifest(byte[] value) {
    return manifest(read(value));
  }

  static byte[] write(List<LiveMove> moves) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var array = json.putArray("moves");
    moves.stream()
        .skip(Math.max(0, moves.size() - MOST_MOVES))
        .forEach(
            move ->
                array
                    .addObject()
                    .put("revision", move.revision().toString())
                    .put("at", micros(move.movedAt())));
    return bytes(json);
  }

  static List<LiveMove> moves(byte[] value) {
    List<LiveMove> moves = new ArrayList<>();
    for (JsonNode move : read(value).path("moves")) {
      moves.add(
          new LiveMove(
              RevisionId.parse(move.path("revision").asText()), instant(move.path("at").asLong())));
    }
    return moves;
  }

  static byte[] writeAlias(RevisionId revision) {
    return bytes(JsonNodeFactory.instance.objectNode().put("revision", revision.toString()));
  }

  static RevisionId alias(byte[] value) {
    return RevisionId.parse(read(value).path("revision").asText());
  }

  /** The revision that an entry is of, if it is a revision's or a part's. */
  static Optional<String> revisionOf(String key) {
    return key.startsWith(REVISIONS) || key.startsWith(PARTS)
        ? Optional.of(key.substring(key.lastIndexOf('/') + 1))
        : Optional.empty();
  }

  private static byte[] manifest(JsonNode json) {
    return json.path("manifest").asText().getBytes(StandardCharsets.UTF_8);
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static byte[] bytes(ObjectNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("an entry of the registry cannot be written", e);
    }
  }

  private static JsonNode read(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException("an entry of the registry cannot be read", e);
    }
  }
}
