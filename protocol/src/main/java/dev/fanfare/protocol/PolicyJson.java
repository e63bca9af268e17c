package dev.fanfare.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A {@link Policy} in JSON: absent values are left out, lengths of time are text. */
final class PolicyJson {
  private static final Set<String> FIELDS =
      Set.of(
          "timeout",
          "retries",
          "expiresAfter",
          "concurrency",
          "memoryBytes",
          "requirements",
          "min",
          "max");

  private PolicyJson() {}

  static final class Writer extends StdSerializer<Policy> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Policy.class);
    }

    @Override
    public void serialize(Policy policy, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject(policy);
      json.writeStringField("timeout", write(policy.timeout()));
      if (policy.retries().isPresent()) {
        json.writeNumberField("retries", policy.retries().get());
      }
      if (policy.expiresAfter().isPresent()) {
        json.writeStringField("expiresAfter", write(policy.expiresAfter().get()));
      }
      json.writeNumberField("concurrency", policy.concurrency());
      json.writeNumberField("memoryBytes", policy.memoryBytes());
      provider.defaultSerializeField("requirements", policy.requirements(), json);
      if (policy.scale().min() > 0) {
        json.writeNumberField("min", policy.scale().min());
      }
      if (policy.scale().max().isPresent()) {
        json.writeNumberField("max", policy.scale().max().get());
      }
      json.writeEndObject();
    }
  }

  static final class Reader extends StdDeserializer<Policy> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Policy.class);
    }

    @Override
    public Policy deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode json = context.readTree(parser);
      try {
        for (var field : json.properties()) {
          if (!FIELDS.contains(field.getKey())) {
            throw new IllegalArgumentException("a policy has no '" + field.getKey() + "'");
          }
        }
        return new Policy(
            Durations.parse(text(json.required("timeout"))),
            number(json, "retries"),
            Optional.ofNullable(json.get("expiresAfter"))
                .map(PolicyJson::text)
                .map(Durations::parse),
            Math.toIntExact(whole(json.required("concurrency"))),
            whole(json.required("memoryBytes")),
            context.readTreeAsValue(json.required("requirements"), Requirements.class),
            new Scale(number(json, "min").orElse(0), number(json, "max")));
      } catch (IllegalArgumentException | ArithmeticException e) {
        return context.reportInputMismatch(Policy.class, "no policy: %s", e.getMessage());
      }
    }
  }

  private static Optional<Integer> number(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).map(PolicyJson::whole).map(Math::toIntExact);
  }

  /** As people write it where that is exact, else in ISO-8601. */
  private static String write(Duration duration) {
    String text = Durations.format(duration);
    return Durations.parse(text).equals(duration) ? text : duration.toString();
  }

  private static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("'" + node + "' is no text");
    }
    return node.textValue();
  }

  private static long whole(JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new IllegalArgumentException("'" + node + "' is no whole number");
    }
    return node.longValue();
  }
}
