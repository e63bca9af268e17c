package dev.fanfare.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the platform says went wrong (RFC 9457).
 *
 * @param status of the HTTP answer
 * @param code the stable code, empty where a stranger answered
 * @param detail for people
 * @param functionError the failure's code when an invocation ended that way, rather than the
 *     request
 * @param body the whole problem, missing where a stranger answered
 */
public record Problem(
    int status, String code, String detail, Optional<String> functionError, JsonNode body) {

  /** Reads an answer with an error status, whoever gave it. */
  public static Problem read(int status, HttpHeaders headers, byte[] bytes) {
    JsonNode body = parse(bytes);
    String detail = body.path("detail").asText(body.path("title").asText(""));
    return new Problem(
        status,
        body.path("code").asText(""),
        detail.isBlank() ? "the server answered with status " + status : detail,
        headers.firstValue("X-Function-Error").filter(text -> !text.isBlank()),
        body);
  }

  /** The invocation it is about. */
  public Optional<String> invocation() {
    return Optional.ofNullable(body.path("invocation").textValue());
  }

  /** Every single thing that is wrong, where there are several. */
  public List<String> problems() {
    List<String> all = new ArrayList<>();
    for (JsonNode one : body.path("problems")) {
      all.add(one.isTextual() ? one.textValue() : one.path("message").asText(one.toString()));
    }
    return all;
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      JsonNode body = Json.read(bytes);
      return body.isObject() ? body : MissingNode.getInstance();
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
