package dev.fanfare.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer says of an invocation's end.
 *
 * @param outcome the same text for the same end, empty where the answer tells of none
 * @param fence of the execution whose word it is, 0 where it is none's
 */
record Told(String outcome, long fence) {
  static final Told NOTHING = new Told("", 0);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern WORDS = Pattern.compile("(\\S+) (\\d+) (\\d+)\\s*$");

  /** Of an answer to a call, or to a look at a result. */
  static Told of(HttpResponse<String> answer) {
    boolean failed = answer.headers().firstValue("X-Function-Error").isPresent();
    if (failed) {
      JsonNode problem = json(answer.body());
      return of(problem.path("code").asText(), problem.at("/error/message").asText());
    }
    return answer.statusCode() == 200 ? succeeded(answer.body()) : NOTHING;
  }

  /** Of a burst's line. */
  static Told ofItem(JsonNode line) {
    return line.path("state").asText().equals("SUCCEEDED")
        ? succeeded(line.path("result").asText())
        : of(line.at("/error/code").asText(), line.at("/error/message").asText());
  }

  static Told succeeded(String result) {
    return new Told("SUCCEEDED " + result, fence(result));
  }

  /** Who cancelled is not part of the end: those who cancel are told less than those who look. */
  static Told of(String code, String message) {
    return code.equals("cancelled")
        ? new Told("CANCELLED", 0)
        : new Told("FAILED " + code + " " + message, fence(message));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }

  /** Functions end their words with token, attempt and fence. */
  private static long fence(String words) {
    Matcher matcher = WORDS.matcher(words);
    return matcher.find() ? Long.parseLong(matcher.group(3)) : 0;
  }
}
