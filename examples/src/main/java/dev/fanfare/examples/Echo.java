package dev.fanfare.examples;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.function.Fn;

/** Gives back what it got; what a call costs beside its work is measured with it. */
public class Echo {

  /** Gives back a text. */
  @Fn(concurrency = 64)
  public String echo(String text) {
    return text;
  }

  /** Gives back any JSON. */
  @Fn(concurrency = 64)
  public JsonNode echoJson(JsonNode json) {
    return json;
  }

  /** Gives back bytes. */
  @Fn(concurrency = 64)
  public byte[] echoBytes(byte[] bytes) {
    return bytes;
  }
}
