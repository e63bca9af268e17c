package dev.fanfare.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ExecScopeTest {

  @Test
  void commandsTakeTheirOwnScopeOrAnAdministrators() {
    assertThat(Stream.of(Scope.values()).filter(scope -> scope.allows(Scope.EXEC)))
        .containsExactly(Scope.ADMIN, Scope.EXEC);
  }

  @Test
  void whoMayRunCommandsMayLookAndNothingElse() {
    assertThat(Stream.of(Scope.values()).filter(Scope.EXEC::allows))
        .containsExactly(Scope.VIEWER, Scope.EXEC);
  }
}
