package dev.fanfare.deploy;

import static dev.fanfare.deploy.TestJar.functions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JarScanTest {
  @TempDir Path folder;

  @Test
  void aManifestNamesTheJarAndItsFunctionsInOrder() throws IOException {
    Path jar =
        jar("@Fn public String second(String text) { return text; } @Fn public void first() {}")
            .write();
    RevisionManifest manifest = TestJar.scan(jar);

    assertThat(manifest.artifact()).isEqualTo(Sha256.of(Files.readAllBytes(jar)));
    assertThat(manifest.artifactSize()).isEqualTo(Files.size(jar));
    assertThat(manifest.javaRelease()).isEqualTo(Runtime.version().feature());
    assertThat(manifest.functions())
        .extracting(each -> each.name().value())
        .containsExactly("first", "second");
    FunctionSpec second = manifest.functions().get(1);
    assertThat(second.className()).isEqualTo("app.Functions");
    assertThat(second.methodName()).isEqualTo("second");
    assertThat(second.methodDescriptor()).isEqualTo("(Ljava/lang/String;)Ljava/lang/String;");
    assertThat(second.policy()).isEqualTo(Policy.DEFAULT);
    assertThat(Manifests.read(Manifests.write(manifest))).isEqualTo(manifest);
  }

  @Test
  void theJavaReleaseIsThatOfTheNewestClass() {
    assertThat(jar("@Fn public void old() {}").compiledWith("--release", "17").scan().javaRelease())
        .isEqualTo(17);
  }

  @Test
  void settingsAreReadFromTheAnnotation() {
    FunctionSpec spec =
        only(
            """
            @Fn(name = "img.resize", timeout = "90s", retries = 3, expiresAfter = "PT2H", concurrency = 8,
                memory = "1g", labels = {"gpu=a100", "java>=21"}, isolation = Isolation.SANDBOX)
            public void resize() {}
            """);
    assertThat(spec.name()).isEqualTo(new FunctionName("img.resize"));
    Policy policy = spec.policy();
    assertThat(policy.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(policy.retries()).hasValue(3);
    assertThat(policy.expiresAfter()).hasValue(Duration.ofHours(2));
    assertThat(policy.concurrency()).isEqualTo(8);
    assertThat(policy.memoryBytes()).isEqualTo(1L << 30);
    assertThat(policy.requirements().isolation()).isEqualTo(Isolation.SANDBOX);
    assertThat(policy.requirements().constraints())
        .containsExactlyInAnyOrder(Constraint.parse("gpu=a100"), Constraint.parse("java>=21"));
    assertThat(only("@Fn(retries = 0) public void never() {}").policy().retries())
        .isEqualTo(Optional.of(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "String text                            | TEXT",
        "byte[] image                           | BYTES",
        "InputStream in                         | STREAM",
        "int n                                  | FIELD",
        "Duration pause                         | FIELD",
        "Color color                            | FIELD",
        "OptionalInt n                          | FIELD?",
        "Optional<String> name                  | FIELD?",
        "@Nullable String name                  | TEXT?",
        "Size size                              | BODY",
        "Optional<Size> size                    | BODY?",
        "List<Size> sizes                       | BODY",
        "int[] numbers                          | BODY",
        "Map<String, Integer> counts            | BODY",
        "JsonNode any                           | BODY",
        "Size size, int n                       | FIELD FIELD",
        "byte[] image, @Nullable Integer width  | FIELD FIELD?",
        "Invocation invocation                  | INVOCATION",
        "Invocation invocation, String text     | INVOCATION TEXT",
        "int n, Invocation invocation, String s | FIELD INVOCATION FIELD"
      })
  void parametersBindByTheirTypes(String parameters, String kinds) {
    TestJar jar =
        jar(
            "public record Size(int width) {} public enum Color { RED } @Fn public void f("
                + parameters
                + ") {}");
    List<String> bound =
        jar.scan().functions().getFirst().parameters().stream()
            .map(each -> each.kind() + (each.required() ? "" : "?"))
            .toList();
    assertThat(String.join(" ", bound)).isEqualTo(kinds);
  }

  @ParameterizedTest
  @CsvSource({
    "void, NOTHING",
    "String, TEXT",
    "byte[], BYTES",
    "InputStream, STREAM",
    "int, JSON",
    "List<String>, JSON",
    "Optional<String>, JSON",
    "JsonNode, JSON"
  })
  void resultsMakeABodyByTheirTypes(String type, ResultKind kind) {
    String body = type.equals("void") ? "{}" : "{ throw new IllegalStateException(); }";
    assertThat(only("@Fn public " + type + " f() " + body).result()).isEqualTo(kind);
  }

  @Test
  void namesOfParametersComeFromTheClassFileInWhicheverWayItKeepsThem() {
    String code =
        "@Fn public void f(long wide, int narrow) {} @Fn public static void s(double d) {}";
    for (List<String> flags : List.of(List.of("-parameters", "-g:none"), List.of("-g"))) {
      assertThat(names(code, flags)).containsExactly("wide", "narrow", "d");
    }
    assertThat(names(code, List.of("-g:none"))).containsExactly("arg0", "arg1", "arg0");
  }

  @Test
  void functionsMayBeStaticOrInNestedClasses() {
    RevisionManifest manifest =
        jar("""
        private Functions(int x) {}
        @Fn public static void onClass() {}
        public static class Nested { @Fn public void nested() {} }
        public interface Tools { @Fn static void tool() {} }
        """)
            .scan();
    assertThat(manifest.functions())
        .extracting(FunctionSpec::className)
        .containsExactly("app.Functions$Nested", "app.Functions", "app.Functions$Tools");
  }

  @Test
  void aMethodThatOverridesAGenericOneIsOneFunction() {
    RevisionManifest manifest =
        TestJar.in(folder)
            .source(
                TestJar.imports()
                    + """
                    public class Functions implements Function<String, Integer> {
                      @Fn @Override public Integer apply(String text) { return text.length(); }
                    }
                    """)
            .scan();
    assertThat(manifest.functions()).hasSize(1);
    assertThat(manifest.functions().getFirst().methodDescriptor())
        .isEqualTo("(Ljava/lang/String;)Ljava/lang/Integer;");
  }

  @Test
  void noClassIsLoaded() {
    System.clearProperty("dev.fanfare.deploy.loaded");
    jar("""
    static { System.setProperty("dev.fanfare.deploy.loaded", "yes"); fail(); }
    static void fail() { throw new IllegalStateException("loaded"); }
    public record Size(int width) { static { fail(); } }
    @Fn public void f(Size size) {}
    """)
        .scan();
    assertThat(System.getProperty("dev.fanfare.deploy.loaded")).isNull();
  }

  @Test
  void ofAMultiReleaseJarTheNewestFittingVersionCounts() {
    String entry = "app/Functions.class";
    byte[] older = jar("@Fn public void older() {}").classes().get(entry);
    byte[] newer = jar("@Fn public void newer() {}").classes().get(entry);
    byte[] future = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 99};
    TestJar layered =
        TestJar.in(folder)
            .entry(entry, older)
            .entry("META-INF/versions/11/" + entry, newer)
            .entry("META-INF/versions/99/" + entry, future);
    assertThat(layered.scan().functions())
        .extracting(f -> f.name().value())
        .containsExactly("older");
    layered.manifest("Multi-Release: true\n");
    assertThat(layered.scan().functions())
        .extracting(f -> f.name().value())
        .containsExactly("newer");
  }

  @Test
  void theSameJarGivesTheSameRevision() {
    String code =
        "public record Size(int w, int h) {} @Fn public Size b(Size s) { return s; } @Fn public"
            + " void a() {}";
    Path jar = jar(code).write();
    assertThat(Manifests.id(TestJar.scan(jar))).isEqualTo(Manifests.id(TestJar.scan(jar)));
  }

  private List<String> names(String code, List<String> flags) {
    return jar(code).compiledWith(flags.toArray(String[]::new)).scan().functions().stream()
        .flatMap(each -> each.parameters().stream())
        .filter(each -> each.kind() == ParameterKind.FIELD)
        .map(Parameter::name)
        .toList();
  }

  private FunctionSpec only(String members) {
    return jar(members).scan().functions().getFirst();
  }

  private TestJar jar(String members) {
    return TestJar.in(folder).source(functions(members));
  }
}
