package dev.fanfare.session;

import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.key.Principal;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;

/** Sessions inside one process. */
class InProcessSessionTest extends SessionContract {
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @Override
  protected Link connect(ScriptedWorker worker, Principal principal) {
    return InProcessLink.connect(
        worker,
        thread,
        link -> sessions().accept(link, principal),
        task -> context().runOnContext(nothing -> task.run()));
  }

  @AfterAll
  void stopThread() {
    thread.close();
  }
}
