package dev.fanfare.output;

import java.util.Locale;

/** How data is written: for people, as one JSON document, or as one JSON object a line. */
public enum OutputFormat {
  TABLE,
  JSON,
  NDJSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
