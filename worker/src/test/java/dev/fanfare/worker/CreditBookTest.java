package dev.fanfare.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CreditBookTest {
  private static final RevisionId REVISION = new RevisionId(Sha256.of(new byte[] {1}));
  private static final FunctionKey ECHO = new FunctionKey(REVISION, new FunctionName("echo"));

  private final CreditBook book = new CreditBook();

  private static Room room(int free, int warm, boolean inDemand) {
    return new Room(
        free, warm == 0 ? Map.of() : Map.of(ECHO, new Room.Warm(warm, inDemand)), 0, Set.of());
  }

  private static Frame.Credit credit(int free, int warm) {
    return new Frame.Credit(
        free, warm == 0 ? List.of() : List.of(new Frame.Warm(REVISION, ECHO.function(), warm)));
  }

  @Test
  void aNewSessionIsToldOfAllTheRoom() {
    assertThat(book.urgent(room(4, 0, false))).isEqualTo(credit(4, 0));
    assertThat(book.differs(room(4, 0, false))).isFalse();
    book.clear();
    assertThat(book.all(room(4, 0, false))).isEqualTo(credit(4, 0));
  }

  @Test
  void roomIsToldAgainAtOnceOnlyWhenMostOfItIsSpent() {
    book.all(room(4, 0, false));
    book.spend(ECHO, TrackedAttempt.Uses.FREE);
    assertThat(book.urgent(room(4, 0, false))).isNull();
    assertThat(book.differs(room(4, 0, false))).isTrue();
    book.spend(ECHO, TrackedAttempt.Uses.FREE);
    book.spend(ECHO, TrackedAttempt.Uses.FREE);
    assertThat(book.urgent(room(4, 0, false))).isEqualTo(credit(3, 0));
  }

  @Test
  void lessRoomIsNeverUrgent() {
    book.all(room(4, 8, true));
    assertThat(book.urgent(room(1, 0, false))).isNull();
    assertThat(book.all(room(1, 0, false))).isEqualTo(credit(-3, -8));
    assertThat(book.differs(room(1, 0, false))).isFalse();
  }

  @Test
  void roomForGuestsIsToldAtOnce() {
    Room room = new Room(0, Map.of(), 1, Set.of());
    assertThat(book.urgent(room)).isEqualTo(new Frame.Credit(0, List.of(), 1));
    book.spend(ECHO, TrackedAttempt.Uses.GUEST);
    assertThat(book.urgent(room)).isEqualTo(new Frame.Credit(0, List.of(), 1));
    assertThat(book.differs(room)).isFalse();
  }

  @Test
  void warmRoomIsToldAtOnceWhileItIsInDemand() {
    book.all(room(1, 0, false));
    assertThat(book.urgent(room(1, 4, false))).isNull();
    assertThat(book.urgent(room(1, 4, true))).isEqualTo(credit(0, 4));
    book.spend(ECHO, TrackedAttempt.Uses.WARM);
    book.spend(ECHO, TrackedAttempt.Uses.WARM);
    book.spend(ECHO, TrackedAttempt.Uses.WARM);
    assertThat(book.urgent(room(1, 4, true))).isEqualTo(credit(0, 3));
  }
}
