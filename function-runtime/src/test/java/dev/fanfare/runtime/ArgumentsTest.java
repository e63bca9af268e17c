package dev.fanfare.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OwnThread.class)
class ArgumentsTest {
  private static final String RESIZE =
      "{\"source\":\"a\",\"size\":{\"width\":1,\"height\":2},\"steps\":[1,2]}";

  private Path blobs;
  private RuntimeHarness runtime;

  @BeforeAll
  void load(@TempDir Path folder) {
    blobs = folder;
    runtime = new RuntimeHarness(blobs);
  }

  @Test
  void aRecordIsTheWholeBody() {
    assertThat(runtime.call("resize", RESIZE))
        .isEqualTo(
            "{\"source\":\"a\",\"size\":{\"width\":1,\"height\":2},\"fit\":null,\"note\":null,"
                + "\"steps\":[1,2]}");
    assertThat(runtime.call("resize", RESIZE.replace("}}", "}") + "").isEmpty()).isFalse();
  }

  @Test
  void severalParametersAreFieldsAndUnknownOnesAreIgnored() {
    assertThat(runtime.call("thumbnail", "{\"width\":7,\"source\":\"s\",\"colour\":{\"a\":[1]}}"))
        .isEqualTo("s 7 Optional.empty null");
    assertThat(
            runtime.call(
                "thumbnail", "{\"width\":7,\"source\":\"s\",\"quality\":3,\"fit\":\"COVER\"}"))
        .isEqualTo("s 7 Optional[3] COVER");
  }

  @Test
  void aLoneTextTakesTheBodyOrTheJsonTextInIt() {
    assertThat(RuntimeHarness.text(runtime.run("words", "text/plain", "a b  c".getBytes(UTF_8))))
        .isEqualTo("3");
    assertThat(runtime.call("words", "\"a b\"")).isEqualTo("2");
    assertThat(runtime.call("words", "{\"text\":\"a\"}")).isEqualTo("1");
    assertThat(runtime.call("words", "")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "twice | application/json | 21 | 42",
        "twice | application/json | {\"number\": 21} | 42",
        "twice | text/plain; charset=utf-8 | 21 | 42",
        "twice | application/x-www-form-urlencoded | number=21 | 42",
        "twice | application/x-www-form-urlencoded | 21 | 42",
        "twice | application/x-www-form-urlencoded | {\"number\": 21} | 42",
        "weekday | application/json | \"2026-01-02\" | FRIDAY 2",
        "weekday | application/json | {\"day\":\"2026-01-02\"} | FRIDAY 2",
        "weekday | text/plain | 2026-01-02 | FRIDAY 2",
        "weekday | text/plain | \"2026-01-02\" | FRIDAY 2",
        "words | application/x-www-form-urlencoded | text=a+b%20c | 3",
        "thumbnail | application/x-www-form-urlencoded; charset=utf-8 |"
            + " source=s%26t&width=7&quality=3 | s&t 7 Optional[3] null",
        "order | application/x-www-form-urlencoded | article=cup&pieces=6&gift=true&sizes=1 |"
            + " {\"article\":\"cup\",\"pieces\":6,\"gift\":true,\"sizes\":[1]}",
        "order | application/x-www-form-urlencoded | article=&pieces=6&gift=false&sizes=1&sizes=2 |"
            + " {\"article\":\"\",\"pieces\":6,\"gift\":false,\"sizes\":[1,2]}",
      })
  void aBodyMayComeInSeveralForms(String function, String type, String body, String result) {
    assertThat(RuntimeHarness.text(runtime.run(function, type, body.getBytes(UTF_8))))
        .isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "twice | application/json | true | 422 | number: expected integer, got true",
        "twice | application/json | \"21\" | 422 | number: expected integer, got \"21\"",
        "twice | application/json | null | 422 | number: expected integer, got null",
        "twice | application/json | 21 22 | 400 | the body is not JSON: more follows",
        "twice | text/plain | much | 422 | number: expected integer, got \"much\"",
        "thumbnail | application/x-www-form-urlencoded | source=s&width=wide | 422 | width:"
            + " expected integer, got \"wide\"",
        "thumbnail | application/x-www-form-urlencoded | source=s&width= | 422 | width: expected"
            + " integer, got \"\"",
        "thumbnail | application/x-www-form-urlencoded | source=s | 422 | width: missing, expected"
            + " integer",
        "thumbnail | application/x-www-form-urlencoded | source=%zz | 400 | the body is not a form:"
            + " an escape",
      })
  void aFormThatDoesNotFitIsRefusedNamingTheField(
      String function, String type, String body, int status, String message) {
    var settlement = runtime.run(function, type, body.getBytes(UTF_8));
    Fault fault = ((dev.fanfare.protocol.Outcome.Failure) settlement.outcome()).fault();
    assertThat(fault.message()).startsWith(message);
    assertThat(fault.status()).isEqualTo(status);
  }

  @Test
  void bytesTakeAFormAsItIs() {
    var settlement =
        runtime.run("reverse", "application/x-www-form-urlencoded", "a=1".getBytes(UTF_8));
    assertThat(RuntimeHarness.text(settlement)).isEqualTo("1=a");
  }

  @Test
  void bytesAndStreamsAreTheBodyAsItIs() {
    byte[] body = {1, 2, 0, -1};
    assertThat(((Payload.Inline) success("reverse", body)).bytes()).containsExactly(-1, 0, 2, 1);
    assertThat(((Payload.Inline) success("copy", body)).bytes()).isEqualTo(body);
  }

  private Payload success(String function, byte[] body) {
    var settlement = runtime.run(function, "application/octet-stream", body);
    return ((dev.fanfare.protocol.Outcome.Success) settlement.outcome()).result();
  }

  @Test
  void aLargeBodyIsReadFromItsFile() throws IOException {
    byte[] body = ("\"" + "w ".repeat(50_000) + "\"").getBytes(UTF_8);
    Sha256 hash = Sha256.of(body);
    Files.write(blobs.resolve(hash.hex()), body);
    var blob = new Payload.Blob("application/json", hash, body.length);
    assertThat(RuntimeHarness.text(runtime.run(runtime.lease("words", blob)))).isEqualTo("50000");
  }

  @Test
  void timesAreIsoText() {
    String times = "{\"at\":\"2026-01-02T03:04:05Z\",\"day\":\"2026-01-02\",\"took\":\"PT1M\"}";
    assertThat(runtime.call("times", times)).isEqualTo(times);
  }

  @Test
  void sealedTypesCarryTheirKindAsType() {
    assertThat(runtime.call("shape", "{\"radius\":2.0,\"type\":\"circle\"}"))
        .isEqualTo("{\"type\":\"circle\",\"radius\":2.0}");
    assertThat(runtime.call("shapes", ""))
        .isEqualTo("[{\"type\":\"circle\",\"radius\":2.0},{\"type\":\"unit-square\"}]");
  }

  @Test
  void theInvocationIsGivenByItsType() {
    var lease = runtime.lease("who", Payload.EMPTY);
    assertThat(RuntimeHarness.text(runtime.run(lease)))
        .isEqualTo("who " + lease.id() + " 2 7 " + lease.id() + " - true");
  }

  @Test
  void aRejectFromAConstructorIsTheFunctionsOwn() {
    Fault fault = runtime.fault("picky", "{\"value\":13}");
    assertThat(fault.status()).isEqualTo(451);
    assertThat(fault.message()).isEqualTo("not this one");
  }

  @ParameterizedTest
  @FieldSource("MISFITS")
  void whatDoesNotFitIsRefusedNamingTheField(Misfitting misfit) {
    Fault fault = runtime.fault(misfit.function(), misfit.body());
    assertThat(fault.code()).isEqualTo(FailureCode.REJECTED);
    assertThat(fault.type()).isEqualTo("argument");
    assertThat(fault.message()).startsWith(misfit.message());
    assertThat(fault.status()).isEqualTo(misfit.status());
    assertThat(fault.stack()).isEmpty();
  }

  record Misfitting(String function, String body, int status, String message) {}

  @SuppressWarnings("unused") // named above
  static final List<Misfitting> MISFITS =
      List.of(
          new Misfitting(
              "thumbnail",
              "{\"source\":\"s\",\"width\":\"wide\"}",
              422,
              "width: expected integer, got \"wide\""),
          new Misfitting(
              "thumbnail",
              "{\"source\":\"s\",\"width\":1.5}",
              422,
              "width: expected integer, got 1.5"),
          new Misfitting(
              "thumbnail",
              "{\"source\":\"s\",\"width\":99999999999}",
              422,
              "width: Numeric value (99999999999) out of range of int"),
          new Misfitting(
              "thumbnail",
              "{\"source\":\"s\",\"width\":null}",
              422,
              "width: expected integer, got null"),
          new Misfitting(
              "thumbnail",
              "{\"source\":\"s\",\"width\":[1]}",
              422,
              "width: expected integer, got a list"),
          new Misfitting(
              "thumbnail", "{\"source\":5,\"width\":1}", 422, "source: expected text, got 5"),
          new Misfitting(
              "thumbnail", "{\"source\":\"s\"}", 422, "width: missing, expected integer"),
          new Misfitting("thumbnail", "", 422, ""),
          new Misfitting(
              "thumbnail",
              "{\"source\":\"s\",\"width\":1,\"fit\":\"WRAP\"}",
              422,
              "fit: expected one of COVER, CONTAIN, got \"WRAP\""),
          new Misfitting("thumbnail", "[1]", 422, "body: expected object, got a list"),
          new Misfitting("thumbnail", "{\"source\":", 400, "the body is not JSON"),
          new Misfitting("thumbnail", "wide", 400, "the body is not JSON"),
          new Misfitting("resize", "", 400, "the body is not JSON: it is empty"),
          new Misfitting("resize", RESIZE + " {}", 400, "the body is not JSON"),
          new Misfitting("resize", "7", 422, "body: expected object, got 7"),
          new Misfitting("resize", "null", 422, "body: expected object, got null"),
          new Misfitting(
              "resize", "{\"source\":\"a\",\"steps\":[]}", 422, "size: missing, expected object"),
          new Misfitting(
              "resize",
              RESIZE.replace("\"width\":1", "\"width\":true"),
              422,
              "size.width: expected integer, got true"),
          new Misfitting(
              "resize",
              RESIZE.replace("\"width\":1,", ""),
              422,
              "size.width: missing, expected integer"),
          new Misfitting(
              "resize",
              RESIZE.replace("[1,2]", "[1,\"x\"]"),
              422,
              "steps[1]: expected integer, got \"x\""),
          new Misfitting(
              "resize", RESIZE.replace("\"a\"", "null"), 422, "source: expected text, got null"),
          new Misfitting("echo", "[".repeat(5_000), 400, "the body is not JSON"),
          new Misfitting(
              "times",
              "{\"at\":\"noon\",\"day\":\"2026-01-02\",\"took\":\"PT1M\"}",
              422,
              "at: expected ISO-8601 text (Instant), got \"noon\""),
          new Misfitting("shape", "{\"type\":\"blob\"}", 422, "body: 'blob' is no Shape"),
          new Misfitting("shape", "{}", 422, "body.type: missing"),
          new Misfitting("words", "17", 422, "body: expected text, got 17"),
          new Misfitting("positive", "{\"value\":0}", 422, "body: value must be positive, not 0"));
}
