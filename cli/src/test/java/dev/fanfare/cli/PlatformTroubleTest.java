package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.terminal.CapturedShell;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A platform that is not there, or refuses. */
@Timeout(60)
class PlatformTroubleTest extends CommandScene {
  @Test
  void aWrongKeyIsToldWithItsPlace() {
    platform.on("GET /v1/functions", 401, "{\"detail\": \"not known\"}");

    assertThat(run("list", "--key", "ff_wrong")).isEqualTo(3);
    assertThat(shell.err()).contains("the key of --key or FANFARE_KEY is not valid");
  }

  @Test
  void aPlatformThatIsNotThereExitsWith3() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    assertThat(run("list", "--url", "http://127.0.0.1:" + port)).isEqualTo(3);

    assertThat(shell.err())
        .contains("nothing listens at http://127.0.0.1:" + port)
        .contains("fanfare up");
  }

  @Test
  void aRefusedKeyExitsWith3AndIsNotShown() {
    platform.on("GET /v1/functions", 401, "{\"detail\": \"the key is not valid\"}");

    assertThat(run("list")).isEqualTo(3);

    assertThat(shell.err()).contains("not valid").doesNotContain("secret");
  }

  @Test
  void anAnswerThatIsNotJsonIsToldAsSuch() {
    platform.on("GET /v1/functions", 200, "<html>");

    assertThat(run("list")).isEqualTo(3);

    assertThat(shell.err()).contains("is it a Fanfare gateway?");
  }

  @Test
  void everyProblemOfAJarIsListed() throws IOException {
    platform.on(
        "POST /v1/functions",
        400,
        "{\"detail\": \"the jar cannot be deployed\", \"problems\": [{\"message\": \"A.a: twice\"},"
            + " {\"message\": \"B.b: odd\"}]}");
    Path jar = Files.writeString(home.resolve("app.jar"), "no jar");

    assertThat(run("deploy", jar.toString())).isEqualTo(3);

    assertThat(shell.err()).contains("- A.a: twice").contains("- B.b: odd");
  }

  @Test
  void withoutAPlatformChosenTheFirstStepsAreTold() {
    shell = new CapturedShell(home);

    assertThat(run("list")).isEqualTo(2);

    assertThat(shell.err()).contains("fanfare up");
  }
}
