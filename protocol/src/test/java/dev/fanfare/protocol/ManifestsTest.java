package dev.fanfare.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fanfare.function.Isolation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestsTest {
  private static final Policy POLICY =
      new Policy(
          Duration.ofMillis(1500),
          Optional.of(3),
          Optional.of(Duration.ofDays(2)),
          8,
          512L << 20,
          new Requirements(
              List.of(Constraint.parse("java>=21"), Constraint.parse("zone in (a,b)")),
              Isolation.SANDBOX));

  @Test
  void whatIsWrittenIsReadBackEqual() {
    var manifest = manifest(POLICY);
    assertThat(Manifests.read(Manifests.write(manifest))).isEqualTo(manifest);
    assertThat(Manifests.read(Manifests.write(manifest(Policy.DEFAULT))))
        .isEqualTo(manifest(Policy.DEFAULT));
  }

  @Test
  void bytesAreTheSameEveryTimeAndAfterReading() {
    byte[] written = Manifests.write(manifest(POLICY));
    assertThat(Manifests.write(manifest(POLICY))).isEqualTo(written);
    assertThat(Manifests.write(Manifests.read(written))).isEqualTo(written);
    assertThat(Manifests.id(manifest(POLICY)).hash()).isEqualTo(Sha256.of(written));
  }

  @Test
  void keysKeepTheirOrderAndAbsentValuesAreLeftOut() {
    assertThat(new String(Manifests.write(manifest(Policy.DEFAULT)), UTF_8))
        .isEqualTo(
            """
            {"artifact":"%s","artifactSize":7,"javaRelease":25,"functions":[{"name":"resize",\
            "className":"com.example.Images","methodName":"resize","methodDescriptor":"([B)[B",\
            "parameters":[{"name":"image","kind":"BYTES","required":true}],"result":"BYTES",\
            "policy":{"timeout":"1m","concurrency":1,"memoryBytes":268435456,\
            "requirements":{"constraints":[],"isolation":"PROCESS"}},\
            "inputSchema":{"type":"string"},"outputSchema":{}}]}\
            """
                .formatted(Sha256.of(new byte[0])));
  }

  @Test
  void onlyOtherKindsThanAJarAreWritten() {
    var jar = manifest(Policy.DEFAULT);
    var source = new RevisionManifest(jar.artifact(), 7, 25, jar.functions(), RevisionKind.SOURCE);
    assertThat(new String(Manifests.write(jar), UTF_8)).doesNotContain("\"kind\":\"jar\"");
    assertThat(new String(Manifests.write(source), UTF_8)).endsWith(",\"kind\":\"source\"}");
    assertThat(Manifests.read(Manifests.write(source))).isEqualTo(source);
    assertThat(Manifests.id(source)).isNotEqualTo(Manifests.id(jar));
  }

  @Test
  void lengthsOfTimeFinerThanAMillisecondStayExact() {
    var fine =
        manifest(
            new Policy(
                Duration.ofNanos(1_500_001),
                Optional.empty(),
                Optional.empty(),
                1,
                Policy.DEFAULT_MEMORY_BYTES,
                Requirements.NONE));
    assertThat(Manifests.read(Manifests.write(fine))).isEqualTo(fine);
  }

  @Test
  void whatIsNoManifestIsRefusedInWords() {
    String good = new String(Manifests.write(manifest(POLICY)), UTF_8);
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            good.substring(0, good.length() - 1),
            good + "x",
            good.replace("\"artifactSize\":7", "\"artifactSize\":null"),
            good.replace("\"timeout\":\"1500ms\"", "\"timeout\":\"soon\""),
            good.replace("\"timeout\":\"1500ms\",", ""),
            good.replace("\"retries\":3", "\"retries\":3000"),
            good.replace("\"retries\":3", "\"retires\":3"),
            good.substring(0, good.length() - 1) + ",\"kind\":\"tarball\"}")) {
      assertThat(bad).isNotEqualTo(good);
      assertThatThrownBy(() -> Manifests.read(bad.getBytes(UTF_8)))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("not a revision's manifest: ");
    }
  }

  private static RevisionManifest manifest(Policy policy) {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "string");
    var parameter = new FunctionSpec.Parameter("image", FunctionSpec.ParameterKind.BYTES, true);
    var function =
        new FunctionSpec(
            new FunctionName("resize"),
            "com.example.Images",
            "resize",
            "([B)[B",
            List.of(parameter),
            FunctionSpec.ResultKind.BYTES,
            policy,
            schema,
            JsonNodeFactory.instance.objectNode());
    return new RevisionManifest(Sha256.of(new byte[0]), 7, 25, List.of(function));
  }
}
