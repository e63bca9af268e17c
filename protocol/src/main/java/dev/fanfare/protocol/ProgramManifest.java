package dev.fanfare.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the file {@value #FILE} in a deployed folder says: which functions its programs are.
 *
 * @param programs by the function's name, at least one
 */
public record ProgramManifest(SortedMap<FunctionName, Program> programs) {
  /** The file's name. */
  public static final String FILE = "fanfare.json";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> FIELDS =
      Set.of("command", "mode", "environment", "result", "timeout", "retries", "concurrency");

  /** How calls become processes. */
  public enum Mode {
    /** A process for each call: the body is its input, its output the result. */
    ONCE,
    /** One process for many calls, which come to it as lines of JSON. */
    SERVE
  }

  /**
   * One function.
   *
   * @param command the program and its arguments, at least one word
   * @param environment variables that it finds beside the usual ones
   */
  public record Program(
      List<String> command,
      Mode mode,
      Map<String, String> environment,
      ResultKind result,
      Policy policy) {
    public Program {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException in words, with where it is wrong
   */
  public static ProgramManifest read(byte[] bytes) {
    JsonNode json;
    try {
      json = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(FILE + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be read", e);
    }
    JsonNode functions = json.path("functions");
    if (!functions.isObject() || functions.isEmpty()) {
      throw new IllegalArgumentException(
          FILE + " names no functions: write {\"functions\": {\"name\": {\"command\": [\"…\"]}}}");
    }
    var programs = new TreeMap<FunctionName, Program>();
    functions
        .properties()
        .forEach(
            each -> programs.put(name(each.getKey()), program(each.getKey(), each.getValue())));
    return new ProgramManifest(programs);
  }

  private static FunctionName name(String text) {
    try {
      var name = new FunctionName(text);
      if (!name.reserved()) {
        return name;
      }
    } catch (IllegalArgumentException e) {
      throw wrong(text, String.valueOf(e.getMessage()));
    }
    throw wrong(text, "names that begin with " + FunctionName.RESERVED + " are the platform's own");
  }

  private static Program program(String name, JsonNode json) {
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw wrong(name, "there is no '" + field + "'; there are " + sorted());
              }
            });
    return new Program(
        command(name, json.path("command")),
        one(name, "mode", json, Mode.values(), Mode.ONCE),
        environment(name, json.path("environment")),
        result(name, json),
        policy(name, json));
  }

  private static String sorted() {
    return String.join(", ", FIELDS.stream().sorted().toList());
  }

  private static List<String> command(String name, JsonNode json) {
    var words = new ArrayList<String>();
    json.forEach(word -> words.add(word.asText()));
    if (!json.isArray() || words.isEmpty() || words.getFirst().isBlank()) {
      throw wrong(name, "command is an array of words, the program first: [\"python3\", \"a.py\"]");
    }
    return words;
  }

  private static Map<String, String> environment(String name, JsonNode json) {
    var all = new TreeMap<String, String>();
    if (!json.isMissingNode() && !json.isObject()) {
      throw wrong(name, "environment is an object of texts");
    }
    json.properties().forEach(each -> all.put(each.getKey(), each.getValue().asText()));
    return all;
  }

  private static ResultKind result(String name, JsonNode json) {
    ResultKind kind = one(name, "result", json, ResultKind.values(), ResultKind.TEXT);
    if (kind == ResultKind.STREAM || kind == ResultKind.NOTHING) {
      throw wrong(name, "result is json, text or bytes");
    }
    return kind;
  }

  private static Policy policy(String name, JsonNode json) {
    try {
      return new Policy(
          json.has("timeout")
              ? Durations.parse(json.get("timeout").asText())
              : Policy.DEFAULT_TIMEOUT,
          json.has("retries") ? Optional.of(json.get("retries").asInt(-1)) : Optional.empty(),
          Optional.<Duration>empty(),
          json.path("concurrency").asInt(1),
          Policy.DEFAULT_MEMORY_BYTES,
          Requirements.NONE);
    } catch (IllegalArgumentException e) {
      throw wrong(name, String.valueOf(e.getMessage()));
    }
  }

  private static <E extends Enum<E>> E one(
      String name, String field, JsonNode json, E[] all, E usual) {
    if (!json.has(field)) {
      return usual;
    }
    String text = json.get(field).asText();
    for (E each : all) {
      if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
        return each;
      }
    }
    throw wrong(name, field + " cannot be '" + text + "'");
  }

  private static IllegalArgumentException wrong(String function, String why) {
    return new IllegalArgumentException(FILE + ", function '" + function + "': " + why);
  }
}
