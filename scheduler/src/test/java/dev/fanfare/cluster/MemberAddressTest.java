package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:5701",
        "localhost:5701",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1:1",
        "169.254.1.1",
        "::1",
        "[::1]:5701",
        "[fd12:3456::1]",
        "fe80::1"
      })
  void loopbackAndPrivateAddressesAreFine(String address) {
    assertThatCode(() -> MemberAddress.check(address)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.32.0.1:5701", "[2001:db8::1]:5701", "2001:db8::1"})
  void aMemberOnAPublicAddressIsRefused(String address) {
    assertThatThrownBy(
            () -> NodeConfiguration.alone(Path.of("data")).member(address, 0, List.of(), "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("public");
    assertThatThrownBy(
            () ->
                NodeConfiguration.alone(Path.of("data"))
                    .member("127.0.0.1", 0, List.of(address), "c"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "", "a:b:c:", "no such host", "[::1", "nowhere.invalid"})
  void whatIsNoAddressOfOneMemberIsRefused(String address) {
    assertThatThrownBy(() -> MemberAddress.check(address))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1:5701",
    "10.0.0.1:7, 10.0.0.1:7",
    "localhost:7, 127.0.0.1:7",
    "[::1]:7, [0:0:0:0:0:0:0:1]:7",
    "nowhere.invalid:7, nowhere.invalid:7"
  })
  void aNameIsWrittenInFiguresIfItResolves(String named, String inFigures) {
    assertThat(MemberAddress.inFigures(named)).isEqualTo(inFigures);
  }
}
