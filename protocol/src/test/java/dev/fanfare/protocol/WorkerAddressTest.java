package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class WorkerAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"a:1", "127.0.0.1:9700", "[::1]:9700", "https://build-7.example:65535"})
  void anAddressIsWrittenAsItIsRead(String text) {
    assertThat(WorkerAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a:",
        "a:0",
        "a:65536",
        "a:x",
        ":1",
        "http://a:1",
        "a:1/b",
        "u@a:1",
        "a b:1"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> WorkerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST:PORT");
  }
}
