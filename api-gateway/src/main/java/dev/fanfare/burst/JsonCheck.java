package dev.fanfare.burst;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Optional;

/** Looks whether bytes are one JSON value, without keeping any of it. */
final class JsonCheck {
  private static final int DEEPEST = 1_000;

  /** The longest text in a JSON value; longer bodies than that are not taken anyway. */
  private static final int LONGEST_TEXT = 64 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          .disable(com.fasterxml.jackson.core.StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private JsonCheck() {}

  /** What is wrong; empty if nothing is. */
  static Optional<String> problem(byte[] bytes) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() == null) {
        return Optional.of("it is empty");
      }
      parser.skipChildren();
      return parser.nextToken() == null
          ? Optional.empty()
          : Optional.of("more follows after its end");
    } catch (JsonProcessingException e) {
      return Optional.of(words(e));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String words(JsonProcessingException e) {
    var where = e.getLocation();
    String at = where == null ? "" : " at character " + where.getColumnNr();
    return e.getOriginalMessage() + at;
  }
}
