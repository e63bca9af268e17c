package dev.fanfare.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A key as the directory holds it under {@code key/ID}; of its secret only the hash. */
record StoredKey(
    String id,
    TenantId tenant,
    String scope,
    String name,
    Sha256 secretHash,
    Instant createdAt,
    Optional<Instant> expiresAt) {
  static final String ENTRIES = "key/";

  private static final ObjectMapper JSON = new ObjectMapper();

  byte[] bytes() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tenant", tenant.value());
    json.put("scope", scope);
    json.put("name", name);
    json.put("secretHash", secretHash.hex());
    json.put("createdAt", micros(createdAt));
    expiresAt.ifPresent(at -> json.put("expiresAt", micros(at)));
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a key cannot be written", e);
    }
  }

  static StoredKey read(String id, byte[] value) {
    try {
      JsonNode json = JSON.readTree(value);
      return new StoredKey(
          id,
          new TenantId(json.path("tenant").asText()),
          json.path("scope").asText(),
          json.path("name").asText(),
          new Sha256(json.path("secretHash").asText()),
          instant(json.path("createdAt").asLong()),
          json.hasNonNull("expiresAt")
              ? Optional.of(instant(json.path("expiresAt").asLong()))
              : Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException("the key " + id + " cannot be read", e);
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
