package dev.fanfare.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files that people deploy with are well-formed by the word of the tools that read them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DeployFilesTest {
  private static final Path COMPOSE = Path.of("/usr/bin/docker-compose");
  private static final Path SYSTEMD = Path.of("/usr/bin/systemd-analyze");

  private final Path root = Checkout.here().root();

  @TempDir Path folder;

  @Test
  void theSystemdUnitsAreValid() throws Exception {
    assumeThat(SYSTEMD).as("systemd-analyze").isExecutable();
    var command = new ArrayList<>(List.of(SYSTEMD.toString(), "verify"));
    try (var units = Files.list(root.resolve("deploy/systemd"))) {
      for (Path unit : units.sorted().toList()) {
        // The program is not installed on the machine that checks.
        String text = Files.readString(unit).replaceFirst("/opt/fanfare/bin/fanfare", "/bin/true");
        command.add(Files.writeString(folder.resolve(unit.getFileName()), text).toString());
      }
    }
    assertThat(command).hasSize(5);

    assertThat(said(command)).isEmpty();
  }

  @Test
  void aMisspeltDirectiveIsFound() throws Exception {
    assumeThat(SYSTEMD).as("systemd-analyze").isExecutable();
    Path unit = folder.resolve("wrong.service");
    Files.writeString(unit, "[Service]\nExecStart=/bin/true\nRestrat=always\n");

    assertThat(said(List.of(SYSTEMD.toString(), "verify", unit.toString()))).contains("Restrat");
  }

  @Test
  void theComposeFileIsValidDatabaseIncluded() throws Exception {
    String file = Files.readString(root.resolve("docker-compose.yml"));

    JsonNode services = STRICT.readTree(composed(file)).path("services");

    assertThat(services.path("postgres").path("image").asText()).startsWith("postgres:");
    assertThat(services.path("gateway-1").path("environment").path("FANFARE_NODE_LEDGER").asText())
        .isEqualTo("jdbc:postgresql://postgres/fanfare");
    assertThatThrownBy(() -> composed(file.replaceFirst("healthcheck:", "helthcheck:")))
        .hasMessageContaining("helthcheck");
  }

  /** What compose makes of the text, with its profile for PostgreSQL; no engine is needed. */
  private String composed(String text) throws IOException, InterruptedException {
    assumeThat(COMPOSE).as("docker-compose").isExecutable();
    Path file = Files.writeString(folder.resolve("docker-compose.yml"), text);
    var builder =
        new ProcessBuilder(
            COMPOSE.toString(), "-f", file.toString(), "--profile", "postgres", "config");
    builder.environment().put("FANFARE_LEDGER", "jdbc:postgresql://postgres/fanfare");
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    return said;
  }

  @Test
  void theKubernetesManifestsFitTheirSchema() throws IOException {
    List<String> kinds = new ArrayList<>();
    for (JsonNode document : documents(root.resolve("deploy/kubernetes/fanfare.yaml"))) {
      kinds.add(STRICT.treeToValue(document, type(document.path("kind").asText())).getKind());
    }
    assertThat(kinds).contains("Service", "StatefulSet", "Deployment", "NetworkPolicy");
  }

  @Test
  void aMisspeltFieldOfAManifestIsFound() throws IOException {
    JsonNode wrong =
        STRICT.readTree("{kind: Service, metadata: {name: a}, spec: {slector: {app: b}}}");

    assertThatThrownBy(() -> STRICT.treeToValue(wrong, Service.class))
        .hasMessageContaining("slector");
  }

  private static Class<? extends HasMetadata> type(String kind) {
    return switch (kind) {
      case "Service" -> Service.class;
      case "StatefulSet" -> StatefulSet.class;
      case "Deployment" -> Deployment.class;
      case "NetworkPolicy" -> NetworkPolicy.class;
      default -> throw new AssertionError("no schema for " + kind);
    };
  }

  private static List<JsonNode> documents(Path file) throws IOException {
    try (var documents = STRICT.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return documents.readAll();
    }
  }

  /** The model would keep fields it does not know, to pass them on. */
  private static final ObjectMapper STRICT =
      new ObjectMapper(new YAMLFactory())
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              });

  /** What it says of the units given, not of the machine's own. */
  private static String said(List<String> command) throws IOException, InterruptedException {
    List<String> names =
        command.stream()
            .filter(argument -> argument.endsWith(".service"))
            .map(argument -> Path.of(argument).getFileName().toString())
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return String.join(
        "\n", text.lines().filter(line -> names.stream().anyMatch(line::contains)).toList());
  }
}
