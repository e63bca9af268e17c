package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.shipping.Chunk;
import dev.fanfare.shipping.Shipment;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs code of this program on workers without a deploy of its own. Thread-safe. */
final class RemoteSources {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "\\bpublic\\s+(?:(?:abstract|final|sealed|non-sealed|strictfp|static)\\s+)*"
              + "(?:class|interface|enum|record)\\s+(\\w+)");

  private final Connection connection;
  private final ShippedBursts shipped;

  RemoteSources(Connection connection, ShippedBursts shipped) {
    this.connection = connection;
    this.shipped = shipped;
  }

  /** A source must lie in a file named like its public class. */
  static String fileOf(String source) {
    Matcher named = PUBLIC_TYPE.matcher(source);
    return (named.find() ? named.group(1) : "Main") + ".java";
  }

  Ran run(String file, String source, List<String> arguments, CallOptions options) {
    return runDeployed(deployed(file, source), arguments, options);
  }

  Ran runDeployed(String function, List<String> arguments, CallOptions options) {
    HttpRequest.Builder request = connection.request("/function/" + function);
    options.headers(request::header);
    request
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.valueToTree(arguments).toString()));
    HttpResponse<byte[]> answer = Answers.result(connection.send(request.build()));
    String id = answer.headers().firstValue("X-Invocation-Id").orElse("");
    return output(id);
  }

  /** The reference by which the source is called or opened. */
  String deployed(String file, String source) {
    String name = URLEncoder.encode(file, StandardCharsets.UTF_8);
    HttpRequest request =
        connection
            .request("/v1/functions?file=" + name)
            .header("Content-Type", "text/x-java-source")
            .POST(BodyPublishers.ofString(source))
            .build();
    JsonNode function = json(Answers.plain(connection.send(request)).body()).at("/functions/0");
    return function.path("name").asText() + "@" + function.path("revision").asText();
  }

  private Ran output(String id) {
    HttpRequest request =
        connection.request("/invocations/" + id + "/logs?follow=true").GET().build();
    byte[] lines = Answers.plain(connection.send(request)).body();
    var out = new StringBuilder();
    var err = new StringBuilder();
    new String(lines, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> json(line.getBytes(StandardCharsets.UTF_8)))
        .forEach(
            told ->
                (told.path("source").asText().equals("out") ? out : err)
                    .append(told.path("text").asText())
                    .append('\n'));
    return new Ran(out.toString(), err.toString(), id);
  }

  @Nullable Object call(Class<?> type, String method, List<@Nullable Object> arguments) {
    Shipment shipment = Shipment.ofMethod(type, method, arguments);
    byte[] item =
        arguments.size() == 1
            ? shipment.item(arguments.get(0))
            : shipment.items(arguments.toArray());
    HttpRequest request =
        connection
            .request("/function/" + shipped.deployed(shipment))
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(shipment.request(List.of(item))))
            .build();
    byte[] answer = Answers.result(connection.send(request)).body();
    Chunk.Part part = Chunk.parts(answer).get(0);
    if (part instanceof Chunk.Value value) {
      return shipment.result(value.bytes());
    }
    throw new BadAnswer("the worker answered with no value", null);
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new BadAnswer("the answer is no JSON: is this a Fanfare platform?", e);
    }
  }
}
