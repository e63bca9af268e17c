package dev.fanfare.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"laptop", "my laptop", "-x", "", "ümlaut", "a.b_c-d", "…"})
  void anyNameBecomesOneThatAWorkerMayHave(String name) {
    assertThat(new WorkerId(MachineName.fit(name)).value()).isNotEmpty();
  }

  @Test
  void aLongNameIsCut() {
    assertThat(MachineName.fit("x".repeat(100))).hasSize(63);
  }
}
