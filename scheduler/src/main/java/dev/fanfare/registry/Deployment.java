package dev.fanfare.registry;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import java.util.List;
import java.util.Map;

/**
 * What a deployment did.
 *
 * @param created whether anything changed: the revision is new, or a function's {@code live} moved
 * @param functions all functions of the revision, sorted by name
 * @param replaced the revision that was live before, for functions whose {@code live} moved from
 *     one
 */
public record Deployment(
    RevisionId revision,
    boolean created,
    List<FunctionName> functions,
    Map<FunctionName, RevisionId> replaced) {
  public Deployment {
    functions = List.copyOf(functions);
    replaced = Map.copyOf(replaced);
  }
}
