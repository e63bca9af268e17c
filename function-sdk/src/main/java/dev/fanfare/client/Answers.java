package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;

/** Tells good answers from bad ones. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  /** The answer, if it carries a function's result. */
  static HttpResponse<byte[]> result(HttpResponse<byte[]> answer) {
    if (answer.headers().firstValue("X-Function-Error").isPresent()) {
      throw Problem.of(answer).failed();
    }
    return plain(answer);
  }

  /** The answer, if it is none of a refusal. */
  static HttpResponse<byte[]> plain(HttpResponse<byte[]> answer) {
    if (answer.statusCode() < 200 || answer.statusCode() > 299) {
      throw Problem.of(answer).refused();
    }
    return answer;
  }

  /** The id of the invocation that the platform accepted. */
  static String invocationId(HttpResponse<byte[]> answer) {
    JsonNode id = json(plain(answer)).path("id");
    if (answer.statusCode() != 202 || !id.isTextual()) {
      throw new BadAnswer(
          "status " + answer.statusCode() + " is no acceptance of an invocation", null);
    }
    return id.textValue();
  }

  /** The state that the answer tells of. */
  static Submitted.State state(HttpResponse<byte[]> answer) {
    String state = json(answer).path("state").asText();
    try {
      return Submitted.State.valueOf(state);
    } catch (IllegalArgumentException e) {
      throw new BadAnswer(
          "'" + state + "' is no state of an invocation: is the platform newer?", e);
    }
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new BadAnswer("the answer is no JSON: is this a Fanfare platform?", e);
    }
  }
}
