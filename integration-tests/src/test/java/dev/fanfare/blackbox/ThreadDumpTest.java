package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class ThreadDumpTest {
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void saysWhereAVirtualThreadHangs() {
    Thread thread = Thread.startVirtualThread(this::hangsHere);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> thread.getState() == Thread.State.WAITING);
    assertThat(ThreadDump.of(ProcessHandle.current()))
        .contains("hangsHere")
        .contains("saysWhereAVirtualThreadHangs")
        .containsPattern("load of the machine [0-9.]+ ");
    never.countDown();
  }

  private void hangsHere() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
