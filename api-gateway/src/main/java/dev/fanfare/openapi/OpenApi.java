package dev.fanfare.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Describes the HTTP interface: a fixed part for the platform, and one path for every deployed
 * function with the schemas of its input and output. Thread-safe.
 */
public final class OpenApi {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String DEFINITIONS = "$defs";

  private final ObjectNode fixed;

  /** Reads the fixed part. */
  public OpenApi() {
    try (InputStream resource = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (resource == null) {
        throw new IllegalStateException("openapi.json is missing from the gateway's jar");
      }
      fixed = (ObjectNode) MAPPER.readTree(resource);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read openapi.json", e);
    }
  }

  /** The description with these functions. */
  public ObjectNode describe(List<FunctionSpec> functions) {
    ObjectNode document = fixed.deepCopy();
    ObjectNode paths = (ObjectNode) document.get("paths");
    ObjectNode schemas = (ObjectNode) document.get("components").get("schemas");
    for (FunctionSpec function : functions) {
      schemas.set(input(function.name()), local(function.inputSchema(), input(function.name())));
      schemas.set(output(function.name()), local(function.outputSchema(), output(function.name())));
      paths.set(
          "/function/" + function.name(), function.channel() ? opening(function) : path(function));
    }
    return document;
  }

  private static ObjectNode path(FunctionSpec function) {
    ObjectNode path = MAPPER.createObjectNode();
    ObjectNode post = path.putObject("post");
    post.put("operationId", "call." + function.name());
    post.put("summary", "Run " + function.name() + " and wait for its result");
    post.putArray("tags").add("deployed functions");
    ArrayNode parameters = post.putArray("parameters");
    for (String name : List.of("CallId", "Priority", "Prefer", "Delay")) {
      parameters.addObject().put("$ref", "#/components/parameters/" + name);
    }
    post.putObject("requestBody")
        .set("content", content(bodyType(function), input(function.name())));
    ObjectNode responses = post.putObject("responses");
    ObjectNode ok = responses.putObject("200").put("description", "The function's result");
    if (function.result() != FunctionSpec.ResultKind.NOTHING) {
      ok.set("content", content(resultType(function), output(function.name())));
    }
    responses.putObject("202").put("$ref", "#/components/responses/Accepted");
    responses.putObject("default").put("$ref", "#/components/responses/Problem");
    return path;
  }

  /** OpenAPI has no words for what goes over a WebSocket; the items' schema is a link beside it. */
  private static ObjectNode opening(FunctionSpec function) {
    ObjectNode path = MAPPER.createObjectNode();
    ObjectNode get = path.putObject("get");
    get.put("operationId", "open." + function.name());
    get.put("summary", "Open a channel with " + function.name() + ", as a WebSocket");
    get.putArray("tags").add("deployed functions");
    ArrayNode parameters = get.putArray("parameters");
    ObjectNode argument = parameters.addObject().put("name", "argument").put("in", "query");
    argument.put("description", "The argument in JSON; else each of its fields as a parameter");
    argument
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + input(function.name()));
    get.putObject("x-channel").put("$ref", "#/components/schemas/" + output(function.name()));
    ObjectNode responses = get.putObject("responses");
    responses.putObject("101").put("description", "The channel is open");
    responses.putObject("default").put("$ref", "#/components/responses/Problem");
    return path;
  }

  private static ObjectNode content(String type, String schema) {
    ObjectNode content = MAPPER.createObjectNode();
    content.putObject(type).putObject("schema").put("$ref", "#/components/schemas/" + schema);
    return content;
  }

  private static String bodyType(FunctionSpec function) {
    for (FunctionSpec.Parameter parameter : function.parameters()) {
      switch (parameter.kind()) {
        case BYTES, STREAM -> {
          return "application/octet-stream";
        }
        case TEXT -> {
          return "text/plain";
        }
        case BODY, FIELD, INVOCATION, CHANNEL -> {}
      }
    }
    return "application/json";
  }

  private static String resultType(FunctionSpec function) {
    return switch (function.result()) {
      case TEXT -> "text/plain";
      case BYTES, STREAM -> "application/octet-stream";
      case JSON, NOTHING -> "application/json";
    };
  }

  /** A schema whose references into its own definitions lead there from the document's root. */
  private static JsonNode local(JsonNode schema, String name) {
    JsonNode copy = schema.deepCopy();
    rewrite(copy, "#/components/schemas/" + name + "/");
    if (copy instanceof ObjectNode object) {
      object.remove("$schema");
      object.remove("$id");
    }
    return copy;
  }

  private static void rewrite(JsonNode node, String root) {
    if (node instanceof ObjectNode object) {
      JsonNode reference = object.get("$ref");
      if (reference != null && reference.asText().startsWith("#/" + DEFINITIONS + "/")) {
        object.put("$ref", root + reference.asText().substring(2));
      } else if (reference != null && reference.asText().equals("#")) {
        object.put("$ref", root.substring(0, root.length() - 1));
      }
    }
    for (JsonNode child : node) {
      rewrite(child, root);
    }
  }

  private static String input(FunctionName function) {
    return function + ".input";
  }

  private static String output(FunctionName function) {
    return function + ".output";
  }
}
