package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An answer that says what went wrong (RFC 9457), also where somebody between answered in HTML. */
record Problem(HttpResponse<byte[]> answer, JsonNode body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 200;

  static Problem of(HttpResponse<byte[]> answer) {
    return new Problem(answer, read(answer));
  }

  String code() {
    return body.path("code").asText("http-" + answer.statusCode());
  }

  @Nullable String invocation() {
    String header = answer.headers().firstValue("X-Invocation-Id").orElse(null);
    return body.path("invocation").isTextual() ? body.get("invocation").textValue() : header;
  }

  Refused refused() {
    return new Refused(answer.statusCode(), code(), detail(), invocation());
  }

  FunctionFailed failed() {
    JsonNode error = body.path("error");
    String code = answer.headers().firstValue("X-Function-Error").orElseGet(this::code);
    String invocation = invocation();
    return new FunctionFailed(
        new FunctionFailed.Failure(
            code,
            error.path("type").asText(code),
            error.path("message").asText(detail()),
            error.path("stack").asText(""),
            answer.statusCode(),
            invocation == null ? "unknown" : invocation,
            answer.headers().firstValue("X-Worker").orElse(null),
            attempt()));
  }

  private String detail() {
    if (body.path("detail").isTextual()) {
      return body.get("detail").textValue();
    }
    String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
    return text.isEmpty()
        ? "no reason was given"
        : text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  private int attempt() {
    String text = answer.headers().firstValue("X-Attempt").orElse("");
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static JsonNode read(HttpResponse<byte[]> answer) {
    try {
      JsonNode body = JSON.readTree(answer.body());
      return body == null ? MissingNode.getInstance() : body;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
