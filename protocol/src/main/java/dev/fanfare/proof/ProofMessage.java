package dev.fanfare.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What is said, as JSON in text messages, before frames go over a connection to a worker. */
public sealed interface ProofMessage {
  /** Reads them. */
  JsonMapper JSON = new JsonMapper();

  /** The most keys that a worker may name. */
  int MOST_KEYS = 4;

  /** The most characters of a message. */
  int MOST_CHARACTERS = 4_096;

  /**
   * The worker, first.
   *
   * @param keys the ids of keys it knows, the preferred one first
   */
  record Challenge(List<String> keys, byte[] nonce) implements ProofMessage {
    public Challenge {
      keys = List.copyOf(keys);
    }
  }

  /** The gateway: which of the keys it knows, and that it does. */
  record GatewayProof(String key, byte[] nonce, byte[] proof) implements ProofMessage {}

  /** The worker: that it knows the key, too. */
  record WorkerProof(byte[] proof) implements ProofMessage {}

  /**
   * The gateway, last; frames follow.
   *
   * @param credential the id of a further key for the next times, where a join token was used; both
   *     sides know its secret by {@link Proof#freshSecret}
   */
  record Opened(Optional<String> credential) implements ProofMessage {}

  /**
   * Either side, instead; the connection ends.
   *
   * @param reason for people
   * @param busy whether the worker merely has a session with another gateway now
   */
  record Refused(String reason, boolean busy) implements ProofMessage {}

  /** The message as text. */
  default String text() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    HexFormat hex = HexFormat.of();
    switch (this) {
      case Challenge challenge -> {
        json.put("proof", "challenge");
        var keys = json.putArray("keys");
        challenge.keys().forEach(keys::add);
        json.put("nonce", hex.formatHex(challenge.nonce()));
      }
      case GatewayProof gateway ->
          json.put("proof", "gateway")
              .put("key", gateway.key())
              .put("nonce", hex.formatHex(gateway.nonce()))
              .put("mac", hex.formatHex(gateway.proof()));
      case WorkerProof worker ->
          json.put("proof", "worker").put("mac", hex.formatHex(worker.proof()));
      case Opened opened -> {
        json.put("proof", "opened");
        opened.credential().ifPresent(id -> json.put("credential", id));
      }
      case Refused refused ->
          json.put("proof", "refused").put("reason", refused.reason()).put("busy", refused.busy());
    }
    return json.toString();
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ProofMessage read(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("the other end sent too long a message");
    }
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the other end does not speak Fanfare's protocol", new UncheckedIOException(e));
    }
    HexFormat hex = HexFormat.of();
    return switch (json.path("proof").asText()) {
      case "challenge" -> {
        var keys = new ArrayList<String>();
        json.path("keys").forEach(key -> keys.add(key.asText()));
        yield new Challenge(
            keys.subList(0, Math.min(MOST_KEYS, keys.size())),
            hex.parseHex(json.path("nonce").asText()));
      }
      case "gateway" ->
          new GatewayProof(
              json.path("key").asText(),
              hex.parseHex(json.path("nonce").asText()),
              hex.parseHex(json.path("mac").asText()));
      case "worker" -> new WorkerProof(hex.parseHex(json.path("mac").asText()));
      case "opened" -> new Opened(Optional.ofNullable(json.path("credential").textValue()));
      case "refused" ->
          new Refused(json.path("reason").asText("no reason"), json.path("busy").asBoolean());
      default ->
          throw new IllegalArgumentException("the other end does not speak Fanfare's protocol");
    };
  }
}
