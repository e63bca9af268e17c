package dev.fanfare.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.state.Declared.HashedFile;
import dev.fanfare.state.Declared.Variable;
import dev.fanfare.state.Declared.Versioned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What workers of a set are to have, as {@code fanfare-state.json} says it: tools, packages,
 * variables, files. Immutable.
 */
public final class Declaration {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> KINDS = Set.of("tools", "packages", "environment", "files");
  private static final int MOST = 200;
  private static final Pattern NAME = Pattern.compile("[\\w.+:/@-]{1,200}");
  private static final Pattern ANY_VERSION =
      Pattern.compile("\\d+(?:\\.\\d+)*(?:[.+~-][\\w.+~]+)*");
  private static final Pattern WHOLE = Pattern.compile("\\S+");

  private final List<Declared> all;

  private Declaration(List<Declared> all) {
    this.all = all;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is no declaration; the message says what is wrong
   */
  public static Declaration read(Path file) throws IOException {
    try {
      return of(JSON.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + " is no JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  static Declaration of(JsonNode json) {
    require(json != null && json.isObject(), "a declaration is an object");
    var all = new ArrayList<Declared>();
    json.properties()
        .forEach(
            kind -> {
              require(
                  KINDS.contains(kind.getKey()),
                  "'" + kind.getKey() + "' is none of tools, packages, environment, files");
              require(kind.getValue().isObject(), kind.getKey() + " is an object");
              kind.getValue()
                  .properties()
                  .forEach(one -> all.add(declared(kind.getKey(), one.getKey(), one.getValue())));
            });
    require(all.size() <= MOST, "a declaration has at most " + MOST + " entries");
    return new Declaration(List.copyOf(all));
  }

  private static Declared declared(String kind, String name, JsonNode what) {
    require(NAME.matcher(name).matches(), "'" + name + "' is no name");
    return switch (kind) {
      case "tools" -> versioned("tool." + name, List.of(name, "--version"), ANY_VERSION, what);
      case "packages" ->
          versioned(
              "package." + name,
              List.of("dpkg-query", "--show", "--showformat=${Version}", "--", name),
              WHOLE,
              what);
      case "environment" -> new Variable(name, text(name, what));
      default -> new HashedFile(Path.of(name), text(name, what).map(Declaration::hash));
    };
  }

  private static Versioned versioned(
      String name, List<String> command, Pattern match, JsonNode what) {
    if (!what.isObject()) {
      return new Versioned(name, range(name, text(name, what)), command, match);
    }
    what.fieldNames()
        .forEachRemaining(
            field ->
                require(
                    Set.of("version", "command", "match").contains(field),
                    name + ": '" + field + "' is none of version, command, match"));
    List<String> asked = what.has("command") ? words(name, what.path("command")) : command;
    boolean own = what.has("command") && !what.has("match");
    Pattern pattern =
        what.has("match") ? pattern(name, what.path("match").asText()) : own ? ANY_VERSION : match;
    return new Versioned(name, range(name, text(name, what.path("version"))), asked, pattern);
  }

  private static VersionRange range(String name, Optional<String> text) {
    try {
      return VersionRange.parse(text.orElse("*"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static List<String> words(String name, JsonNode command) {
    require(command.isArray() && !command.isEmpty(), name + ": command is an array of words");
    var words = new ArrayList<String>();
    command.forEach(word -> words.add(word.asText()));
    return List.copyOf(words);
  }

  private static Pattern pattern(String name, String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static Optional<String> text(String name, JsonNode what) {
    require(what.isTextual() || what.isNull() || what.isMissingNode(), name + " is a text or null");
    return Optional.ofNullable(what.textValue());
  }

  private static String hash(String text) {
    String hex = text.startsWith("sha256:") ? text.substring("sha256:".length()) : text;
    require(hex.matches("[0-9a-f]{64}"), "a file's hash is sha256: and 64 hexadecimal digits");
    return hex;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** Looks at this machine; takes as long as the commands that are asked. */
  public MachineState find(Map<String, String> environment) {
    return MachineState.of(all.stream().map(one -> one.find(environment)).toList());
  }
}
