package dev.fanfare.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A body that is a list of texts, as a command's arguments are. */
public final class Texts {
  private static final JsonMapper JSON = new JsonMapper();

  private Texts() {}

  /**
   * The texts; an empty body has none.
   *
   * @throws Misfit if it is anything else
   */
  public static List<String> read(BodySource body) throws IOException {
    if (body.isEmpty()) {
      return List.of();
    }
    JsonNode json;
    try {
      json = JSON.readTree(body.bytes());
    } catch (JsonProcessingException e) {
      throw Misfit.notJson(e.getOriginalMessage());
    }
    if (!json.isArray()) {
      throw Misfit.wrong(
          "body", "an array of texts", json.getNodeType().toString().toLowerCase(Locale.ROOT));
    }
    var texts = new ArrayList<String>();
    for (JsonNode each : json) {
      if (!each.isTextual()) {
        throw Misfit.wrong("body[" + texts.size() + "]", "a text", each.toString());
      }
      texts.add(each.textValue());
    }
    return texts;
  }
}
