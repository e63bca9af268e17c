package dev.fanfare.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The functions that every worker has of itself, as one revision of which there is no code to send:
 * their names begin with {@value FunctionName#RESERVED}.
 */
public final class Builtins {
  /** Runs a command of the worker's machine: see {@code dev.fanfare.builtin.Exec}. */
  public static final FunctionName EXEC = new FunctionName(FunctionName.RESERVED + "exec");

  /** The label of workers that run commands. */
  public static final String ALLOW_EXEC = "allow-exec";

  private static final int MOST_COMMANDS = 1_000;
  private static final byte[] ARTIFACT =
      "The functions that every worker has of itself.\n".getBytes(StandardCharsets.UTF_8);
  private static final RevisionManifest MANIFEST =
      new RevisionManifest(
          Sha256.of(ARTIFACT), ARTIFACT.length, 25, List.of(exec()), RevisionKind.BUILTIN);
  private static final RevisionId ID = Manifests.id(MANIFEST);

  private Builtins() {}

  /** What stands for the code. */
  public static byte[] artifact() {
    return ARTIFACT.clone();
  }

  /** The revision's manifest. */
  public static RevisionManifest manifest() {
    return MANIFEST;
  }

  /** What a reference means in any tenant, if it is one of these. */
  public static Optional<Target> target(TenantId tenant, FunctionReference reference) {
    return MANIFEST
        .function(reference.name())
        .map(spec -> new Target(tenant, spec.name(), ID, spec.policy()));
  }

  private static FunctionSpec exec() {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("type", "object");
    return new FunctionSpec(
        EXEC,
        "dev.fanfare.builtin.Exec",
        "exec",
        "(Ldev/fanfare/builtin/Exec$Request;Ldev/fanfare/function/Channel;)V",
        List.of(
            new Parameter("request", ParameterKind.BODY, true),
            new Parameter("channel", ParameterKind.CHANNEL, true)),
        ResultKind.NOTHING,
        new Policy(
            Policy.LONGEST_TIMEOUT,
            Optional.of(0),
            Optional.empty(),
            MOST_COMMANDS,
            Policy.DEFAULT_MEMORY_BYTES,
            Requirements.NONE.and(List.of(Constraint.parse(ALLOW_EXEC + "=true")))),
        request,
        JsonNodeFactory.instance.objectNode());
  }
}
