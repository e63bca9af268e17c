package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.registry.FunctionView;
import dev.fanfare.registry.Registry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** What to say when a name leads to no function: which part is unknown, and what is near. */
final class UnknownFunction {
  private static final int NEAR_SHOWN = 3;
  private static final int NEAR_EDITS = 3;

  private final Registry registry;

  UnknownFunction(Registry registry) {
    this.registry = registry;
  }

  /** Reads a reference from a path; {@code ':'} and {@code '@'} may be percent-encoded. */
  static FunctionReference parse(String segment) {
    try {
      String text =
          segment.indexOf('%') < 0 ? segment : URLDecoder.decode(segment, StandardCharsets.UTF_8);
      return FunctionReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(
          Problem.of(400, "bad-name", "Bad function name", String.valueOf(e.getMessage())));
    }
  }

  Problem problem(TenantId tenant, FunctionReference reference) {
    return registry
        .function(tenant, reference.name())
        .map(function -> noVersion(function, reference))
        .orElseGet(() -> noFunction(tenant, reference.name()));
  }

  private static Problem noVersion(FunctionView function, FunctionReference reference) {
    if (reference.alias().isPresent()) {
      return Problem.of(
              404,
              "no-such-alias",
              "No such alias",
              "function '"
                  + function.name()
                  + "' has no alias '"
                  + reference.alias().get()
                  + "'; it has "
                  + String.join(", ", function.aliases().keySet()))
          .with("aliases", function.aliases().keySet());
    }
    return Problem.of(
        404,
        "no-such-revision",
        "No such revision",
        "function '"
            + function.name()
            + "' has no revision that begins with '"
            + reference.revisionPrefix().orElse("")
            + "'");
  }

  Problem noFunction(TenantId tenant, FunctionName name) {
    List<String> near = near(tenant, name.value());
    String hint = near.isEmpty() ? "" : "; near: " + String.join(", ", near);
    ArrayNode names = JsonText.array();
    near.forEach(names::add);
    return Problem.of(
            404,
            "no-such-function",
            "No such function",
            "no function '" + name + "' is deployed" + hint)
        .with("near", names);
  }

  private List<String> near(TenantId tenant, String name) {
    return registry.functions(tenant).stream()
        .map(function -> function.name().value())
        .filter(
            other ->
                edits(name, other) <= NEAR_EDITS || other.contains(name) || name.contains(other))
        .sorted(Comparator.comparingInt(other -> edits(name, other)))
        .limit(NEAR_SHOWN)
        .toList();
  }

  /** Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
