package dev.fanfare.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;

/**
 * A form as browsers send it ({@code application/x-www-form-urlencoded}, WHATWG URL standard) as a
 * JSON object of texts; a name that comes several times has a list.
 */
final class FormBody {
  private static final int MOST_FIELDS = 10_000;

  private FormBody() {}

  /**
   * Whether the bytes can be a form. Programs that send JSON under a form's type by mistake are
   * common, and no form begins like JSON.
   */
  static boolean fits(byte[] body) {
    boolean assigns = false;
    for (byte b : body) {
      assigns |= b == '=';
    }
    return assigns && "{[\"".indexOf(new String(body, 0, 1, UTF_8).charAt(0)) < 0;
  }

  /**
   * The object.
   *
   * @throws Misfit if an escape is broken or the fields are too many
   */
  static byte[] json(byte[] body) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    String[] fields = new String(body, UTF_8).strip().split("&", MOST_FIELDS + 1);
    if (fields.length > MOST_FIELDS) {
      throw Misfit.noForm("it has more than " + MOST_FIELDS + " fields");
    }
    for (String field : fields) {
      if (!field.isEmpty()) {
        int equals = field.indexOf('=');
        String name = decoded(equals < 0 ? field : field.substring(0, equals));
        put(object, name, equals < 0 ? "" : decoded(field.substring(equals + 1)));
      }
    }
    return object.toString().getBytes(UTF_8);
  }

  private static void put(ObjectNode object, String name, String value) {
    JsonNode before = object.get(name);
    switch (before) {
      case null -> object.put(name, value);
      case ArrayNode list -> list.add(value);
      default -> object.putArray(name).add(before).add(value);
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw Misfit.noForm("an escape in it is broken: " + e.getMessage());
    }
  }
}
