package dev.fanfare.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@link Rehearsal} as a revision: its jar is the one that this class came from, whose classes are
 * loaded a second time, as a function's are.
 */
final class RehearsalRevision {
  private static final long RESULT_LIMIT_BYTES = 1 << 20;
  private static final String TYPES = "Ldev/fanfare/runtime/Rehearsal$";

  private final RevisionManifest manifest = manifest();
  private final RevisionId id = Manifests.id(manifest);
  private final Path folder;

  /** One whose manifest is written into the folder. */
  RehearsalRevision(Path folder) {
    this.folder = folder;
  }

  /** Writes what it names; it can be loaded for as long as the folder is there. */
  Frame.Load load() throws IOException {
    Path file = folder.resolve("rehearsal");
    Files.write(file, Manifests.write(manifest));
    return new Frame.Load(
        id, file.toString(), ownJar().toString(), folder.toString(), RESULT_LIMIT_BYTES);
  }

  /** A call of every function, now and then one that fails. */
  Frame.Leases leases(int round) {
    String count = round % 50 == 49 ? "\"many\"" : String.valueOf(round % 20 - 1);
    String price = round % 20 == 7 ? "-1.5" : "2.5";
    return new Frame.Leases(
        List.of(
            lease(round, "order", order(count, price)),
            lease(round, "add", "{\"left\":1,\"right\":" + (round % 50 == 9 ? "true" : "2") + "}"),
            lease(round, "echo", "\"hello\""),
            lease(round, "mirror", "{\"a\":[1,2.5,null,{\"b\":false}]}"),
            lease(round, "copy", "bytes")));
  }

  private static String order(String count, String price) {
    return "{\"name\":\"tea\",\"count\":"
        + count
        + ",\"price\":"
        + price
        + ",\"tags\":[\"a\",\"b\"],\"at\":\"2026-01-01T00:00:00Z\","
        + "\"payment\":{\"type\":\"card\",\"kind\":\"DEBIT\",\"number\":7}}";
  }

  private Lease lease(int round, String function, String body) {
    return new Lease(
        new InvocationId(function.hashCode(), round),
        1,
        1,
        id,
        new FunctionName(function),
        new Payload.Inline("application/json", body.getBytes(UTF_8)),
        60_000_000,
        "",
        "");
  }

  private static Path ownJar() {
    try {
      return Path.of(Rehearsal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RevisionManifest manifest() {
    var left = new Parameter("left", ParameterKind.FIELD, true);
    var right = new Parameter("right", ParameterKind.FIELD, true);
    var order = new Parameter("order", ParameterKind.BODY, true);
    var invocation = new Parameter("invocation", ParameterKind.INVOCATION, true);
    return new RevisionManifest(
        Sha256.of(new byte[0]),
        0,
        25,
        List.of(
            spec("add", "(II)I", List.of(left, right), ResultKind.JSON, 1),
            spec("copy", "([B)[B", alone("bytes", ParameterKind.BYTES), ResultKind.BYTES, 1),
            spec(
                "echo",
                "(Ljava/lang/String;)Ljava/lang/String;",
                alone("text", ParameterKind.TEXT),
                ResultKind.TEXT,
                8),
            spec(
                "mirror",
                "(Lcom/fasterxml/jackson/databind/JsonNode;)Lcom/fasterxml/jackson/databind/JsonNode;",
                alone("any", ParameterKind.BODY),
                ResultKind.JSON,
                1),
            spec(
                "order",
                "(" + TYPES + "Order;Ldev/fanfare/function/Invocation;)" + TYPES + "Receipt;",
                List.of(order, invocation),
                ResultKind.JSON,
                1)));
  }

  private static List<Parameter> alone(String name, ParameterKind kind) {
    return List.of(new Parameter(name, kind, true));
  }

  private static FunctionSpec spec(
      String name,
      String descriptor,
      List<Parameter> parameters,
      ResultKind result,
      int concurrency) {
    var policy =
        new Policy(
            Policy.DEFAULT_TIMEOUT,
            Optional.empty(),
            Optional.empty(),
            concurrency,
            Policy.DEFAULT_MEMORY_BYTES,
            Policy.DEFAULT.requirements());
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.putArray("required").add("a");
    return new FunctionSpec(
        new FunctionName(name),
        Rehearsal.class.getName(),
        name,
        descriptor,
        parameters,
        result,
        policy,
        schema,
        schema);
  }
}
