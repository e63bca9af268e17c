package dev.fanfare.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.function.Reject;
import dev.fanfare.json.Misfit;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.Payload;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  static Deployed deployed;

  @BeforeAll
  static void deploy() throws Exception {
    deployed = new Deployed(folder);
  }

  @AfterAll
  static void close() throws Exception {
    deployed.close();
  }

  @Test
  void everyExampleIsAFunction() {
    assertThat(deployed.manifest().functions())
        .extracting(spec -> spec.name().value())
        .containsExactly(
            "chat",
            "chatter",
            "collatz",
            "echo",
            "echo-bytes",
            "echo-json",
            "fail",
            "flaky",
            "hello",
            "mirror",
            "monte-carlo-pi",
            "orders.price",
            "orders.product",
            "pour",
            "resize",
            "sleep",
            "thumbnail",
            "word-count");
  }

  @Test
  void bodiesAreOfEveryKind() {
    assertThat(List.of("thumbnail", "hello", "fail", "collatz"))
        .extracting(name -> deployed.spec(name).result())
        .containsExactly(ResultKind.BYTES, ResultKind.TEXT, ResultKind.NOTHING, ResultKind.JSON);
    assertThat(deployed.spec("collatz").parameters())
        .extracting(FunctionSpec.Parameter::name)
        .containsExactly("from", "to");
  }

  @Test
  void anOrdersSchemaNamesItsPayments() {
    JsonNode schema = deployed.spec("orders.price").inputSchema();
    assertThat(schema.at("/required").toString()).isEqualTo("[\"items\",\"payment\"]");
    assertThat(schema.at("/$defs/Payment/oneOf").findValuesAsText("const"))
        .containsExactlyInAnyOrder("card", "invoice", "voucher");
  }

  @Test
  void smallOnesRunOverJson() throws Throwable {
    assertThat(deployed.call("hello", "\"Ada\"")).isEqualTo("Hello, Ada!");
    assertThat(deployed.call("echo", "\"back\"")).isEqualTo("back");
    assertThat(deployed.call("echo-json", "{\"a\":[1,null]}")).isEqualTo("{\"a\":[1,null]}");
    assertThat(deployed.call("collatz", "{\"from\":1,\"to\":9}"))
        .isEqualTo("{\"start\":9,\"steps\":19}");
    assertThat(deployed.call("flaky", "{\"succeedsAt\":1}")).isEqualTo("succeeded at attempt 1");
    assertThat(deployed.call("sleep", "{\"millis\":0}")).containsOnlyDigits();
    var text = new Payload.Inline("text/plain", "one two two".getBytes(UTF_8));
    assertThat(JSON.readTree(deployed.call("word-count", text)).at("/top/0/word").asText())
        .isEqualTo("two");
  }

  @Test
  void anOrderIsPricedAsItsSchemaSays() throws Throwable {
    String order =
        """
        {"items":[{"product":"assam","quantity":2}],"payment":{"type":"invoice","customer":"ada"}}
        """;
    JsonNode quote = JSON.readTree(deployed.call("orders.price", order));
    assertThat(quote.at("/total").asText()).isEqualTo("17.8");
    assertThat(quote.at("/terms").asText()).isEqualTo("due in 30 days");
    assertThat(quote.at("/lines/0/product/stock").asText()).isEqualTo("PLENTY");
    for (JsonNode required : deployed.spec("orders.price").outputSchema().at("/required")) {
      assertThat(quote.has(required.asText())).as(required.asText()).isTrue();
    }
    assertThatThrownBy(() -> deployed.call("orders.product", "\"coffee\""))
        .hasToString(new Reject(404, "there is no product 'coffee'").toString());
  }

  @Test
  void whatTheSchemaRequiresIsMissed() {
    assertMisfit(
        "{\"payment\":{\"type\":\"voucher\",\"code\":\"x\",\"percent\":1}}", "items: missing");
    assertMisfit("{\"items\":[],\"payment\":{\"type\":\"gold\"}}", "gold");
    assertMisfit(
        "{\"items\":[{\"product\":\"a\",\"quantity\":\"two\"}],\"payment\":null}",
        "items[0].quantity");
  }

  @Test
  void picturesTravelAsBytesAndInJson() throws Throwable {
    var image = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(400, 200, BufferedImage.TYPE_INT_RGB), "png", image);
    byte[] thumbnail =
        deployed.call("thumbnail", new Payload.Inline("image/png", image.toByteArray()));
    assertThat(new String(thumbnail, 1, 3, UTF_8)).isEqualTo("PNG");
    String base64 = Base64.getEncoder().encodeToString(image.toByteArray());
    String resized = deployed.call("resize", "{\"image\":\"" + base64 + "\",\"width\":50}");
    assertThat(JSON.readTree(resized).at("/height").asInt()).isEqualTo(25);
  }

  private static void assertMisfit(String order, String words) {
    assertThatThrownBy(() -> deployed.call("orders.price", order))
        .isInstanceOf(Misfit.class)
        .hasMessageContaining(words);
  }
}
