package dev.fanfare.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The functions that every worker has of itself, as one revision of which there is no code to send:
 * their names begin with {@value FunctionName#RESERVED}.
 */
public final class Builtins {
  /** Runs a command of the worker's machine: see {@code dev.fanfare.builtin.Exec}. */
  public static final FunctionName EXEC = new FunctionName(FunctionName.RESERVED + "exec");

  /** Makes a folder there like one of the caller's: see {@code dev.fanfare.builtin.Sync}. */
  public static final FunctionName SYNC = new FunctionName(FunctionName.RESERVED + "sync");

  /** The label of workers that run commands. */
  public static final String ALLOW_EXEC = "allow-exec";

  /** The label of workers with a folder that may be written; its value is the folder. */
  public static final String ALLOW_SYNC = "allow-sync";

  private static final int MOST_COMMANDS = 1_000;

  /** Each may need much of a runtime's memory. */
  private static final int MOST_SYNCS = 1;

  private static final byte[] ARTIFACT =
      "The functions that every worker has of itself.\n".getBytes(StandardCharsets.UTF_8);
  private static final RevisionManifest MANIFEST =
      new RevisionManifest(
          Sha256.of(ARTIFACT), ARTIFACT.length, 25, List.of(exec(), sync()), RevisionKind.BUILTIN);
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

  /** Whether a function does what its caller says with the worker's machine. */
  public static boolean needsExecScope(FunctionName function) {
    return function.equals(EXEC) || function.equals(SYNC);
  }

  private static FunctionSpec exec() {
    return talking(
        EXEC, "Exec", "dev/fanfare/builtin/Exec$Request", MOST_COMMANDS, ALLOW_EXEC + "=true");
  }

  private static FunctionSpec sync() {
    return talking(SYNC, "Sync", "dev/fanfare/folder/SyncRequest", MOST_SYNCS, ALLOW_SYNC);
  }

  /** A function of a request and a channel, in a class and a method of its own name. */
  private static FunctionSpec talking(
      FunctionName name, String type, String request, int concurrency, String constraint) {
    ObjectNode any = JsonNodeFactory.instance.objectNode().put("type", "object");
    return new FunctionSpec(
        name,
        "dev.fanfare.builtin." + type,
        type.toLowerCase(Locale.ROOT),
        "(L" + request + ";Ldev/fanfare/function/Channel;)V",
        List.of(
            new Parameter("request", ParameterKind.BODY, true),
            new Parameter("channel", ParameterKind.CHANNEL, true)),
        ResultKind.NOTHING,
        new Policy(
            Policy.LONGEST_TIMEOUT,
            Optional.of(0),
            Optional.empty(),
            concurrency,
            Policy.DEFAULT_MEMORY_BYTES,
            Requirements.NONE.and(List.of(Constraint.parse(constraint)))),
        any,
        JsonNodeFactory.instance.objectNode());
  }
}
