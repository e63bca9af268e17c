package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.openapi.OpenApi;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Policy;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DescriptionTest {
  @TempDir Path folder;

  @Test
  void describesEveryDeployedFunctionToWhoeverShowsAKey() throws Exception {
    try (TestGateway platform = TestGateway.start(folder)) {
      platform.deploy("resize");

      JsonNode mine = TestGateway.json(platform.get("/openapi.json"));
      assertThat(mine.get("openapi").asText()).startsWith("3.1");
      assertThat(mine.get("paths").has("/function/resize")).isTrue();
      assertThat(mine.get("components").get("schemas").has("resize.input")).isTrue();
      JsonNode strangers =
          TestGateway.json(platform.send(HttpRequest.newBuilder(platform.uri("/openapi.json"))));
      assertThat(strangers.get("paths").has("/function/resize")).isFalse();
      assertThat(strangers.get("paths").has("/v1/functions")).isTrue();
    }
  }

  @Test
  void describesEveryRouteAndNoOther() throws Exception {
    try (TestGateway platform = TestGateway.start(folder)) {
      JsonNode paths = new OpenApi().describe(List.of()).get("paths");
      for (var path : paths.properties()) {
        String concrete =
            path.getKey().replace("{reference}", "none").replaceAll("\\{[^}]+}", "none");
        var described = new TreeSet<String>();
        path.getValue()
            .fieldNames()
            .forEachRemaining(name -> described.add(name.toUpperCase(java.util.Locale.ROOT)));
        described.remove("PARAMETERS");
        String allow =
            platform
                .send(platform.to(concrete).method("TRACK", HttpRequest.BodyPublishers.noBody()))
                .headers()
                .firstValue("Allow")
                .orElseThrow(() -> new AssertionError(concrete + " is described but not served"));
        var served = new TreeSet<>(List.of(allow.split(", ")));
        served.remove("HEAD");
        assertThat(served).as(path.getKey()).isEqualTo(described);
      }
    }
  }

  @Test
  void refersToNothingThatIsMissing() {
    JsonNode document = new OpenApi().describe(List.of(recursive()));
    var references = new ArrayList<String>();
    collect(document, references);

    assertThat(references).contains("#/components/schemas/tree.input/$defs/Node");
    for (String reference : references) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  @Test
  void givesEveryOperationAnIdOfItsOwn() {
    var ids = new ArrayList<String>();
    for (JsonNode path : new OpenApi().describe(List.of(recursive())).get("paths")) {
      path.forEach(
          operation -> {
            if (operation.has("operationId")) {
              ids.add(operation.get("operationId").asText());
              assertThat(operation.has("responses")).isTrue();
            }
          });
    }
    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(20);
  }

  private static FunctionSpec recursive() {
    var schema = JsonText.object();
    schema.put("$ref", "#/$defs/Node");
    schema
        .putObject("$defs")
        .putObject("Node")
        .put("type", "object")
        .putObject("properties")
        .putObject("next")
        .put("$ref", "#/$defs/Node");
    return new FunctionSpec(
        new FunctionName("tree"),
        "a.B",
        "tree",
        "()V",
        List.of(),
        FunctionSpec.ResultKind.JSON,
        Policy.DEFAULT,
        schema,
        JsonText.object());
  }

  private static void collect(JsonNode node, List<String> references) {
    if (node.has("$ref")) {
      references.add(node.get("$ref").asText());
    }
    node.forEach(child -> collect(child, references));
  }
}
