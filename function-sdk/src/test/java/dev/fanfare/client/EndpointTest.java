package dev.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointTest {
  private static final String FILE =
      """
      {"current":"local","contexts":{
        "local":{"url":"http://127.0.0.1:8080","key":"ff_a_b"},
        "far":{"url":"https://fanfare.example/","key":"ff_c_d"}}}
      """;

  @TempDir Path home;

  @Test
  void theEnvironmentNamesThePlatform() {
    var environment = Map.of("FANFARE_URL", "http://host:1/", "FANFARE_KEY", "ff_x_y");
    assertThat(Endpoint.find(environment, home))
        .isEqualTo(new Endpoint(URI.create("http://host:1"), "ff_x_y"));
  }

  @Test
  void elseTheCurrentContextDoes() throws IOException {
    write(home.resolve(".config"), "rw-------");
    assertThat(Endpoint.find(Map.of(), home))
        .isEqualTo(new Endpoint(URI.create("http://127.0.0.1:8080"), "ff_a_b"));
    Path elsewhere = home.resolve("elsewhere");
    write(elsewhere, "r--------");
    assertThat(Endpoint.find(Map.of("XDG_CONFIG_HOME", elsewhere.toString()), home).key())
        .isEqualTo("ff_a_b");
  }

  @Test
  void halfOfItIsFilledInFromTheContexts() throws IOException {
    write(home.resolve(".config"), "rw-------");
    assertThat(Endpoint.find(Map.of("FANFARE_URL", "https://fanfare.example"), home).key())
        .isEqualTo("ff_c_d");
    assertThat(Endpoint.find(Map.of("FANFARE_URL", "http://unknown"), home).key()).isNull();
    assertThat(Endpoint.find(Map.of("FANFARE_KEY", "ff_e_f"), home))
        .isEqualTo(new Endpoint(URI.create("http://127.0.0.1:8080"), "ff_e_f"));
  }

  @Test
  void aFileThatOthersMayUseIsRefused() throws IOException {
    for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-")) {
      Path file = write(home.resolve(".config"), permissions);
      assertThatThrownBy(() -> Endpoint.find(Map.of(), home))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("chmod 600 " + file);
      Files.delete(file);
    }
  }

  @Test
  void withoutAnyTheNextStepIsNamed() {
    assertThatThrownBy(() -> Endpoint.find(Map.of(), home))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("FANFARE_URL")
        .hasMessageContaining("fanfare up");
  }

  @Test
  void whatIsNoUrlOrKeyIsRefusedAndTheKeyIsNeverShown() throws IOException {
    for (String url :
        List.of("ftp://host", "localhost", "http:///x", "http://u:p@host", "http://h?q")) {
      assertThatThrownBy(() -> new Endpoint(URI.create(url), "k"))
          .as(url)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Endpoint(URI.create("http://host"), "secret\r\nX-Evil: 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThat(new Endpoint(URI.create("http://host"), "secret").toString())
        .doesNotContain("secret");
    Path file = write(home.resolve(".config"), "rw-------");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> Endpoint.find(Map.of(), home)).hasMessageContaining("is not JSON");
  }

  private static Path write(Path configuration, String permissions) throws IOException {
    Path file = Files.createDirectories(configuration.resolve("fanfare")).resolve("contexts.json");
    Files.writeString(file, FILE);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void severalGatewaysAreNamedWithCommasBetween() {
    var environment = Map.of("FANFARE_URL", "http://a:1, http://b:2/", "FANFARE_KEY", "ff_x_y");

    Endpoint found = Endpoint.find(environment, home);

    assertThat(found.urls()).containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
    assertThatThrownBy(() -> Endpoint.find(Map.of("FANFARE_URL", "http://a:1,,b"), home))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNextGatewayIsAskedOnceTheCurrentOneIsLeft() {
    URI a = URI.create("http://a:1");
    URI b = URI.create("http://b:2");
    var gateways = new Gateways(java.util.List.of(a, b));

    gateways.leave(b);
    assertThat(gateways.current()).isEqualTo(a);
    gateways.leave(a);
    gateways.leave(a);
    assertThat(gateways.current()).isEqualTo(b);
    assertThat(gateways.there(URI.create("http://a:1/x?y=1")))
        .isEqualTo(URI.create("http://b:2/x?y=1"));
    gateways.leave(b);
    assertThat(gateways.current()).isEqualTo(a);
  }
}
