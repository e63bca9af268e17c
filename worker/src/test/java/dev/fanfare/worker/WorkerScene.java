package dev.fanfare.worker;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A worker as it is without settings, and its folder, for each test. */
abstract class WorkerScene {
  @TempDir Path folder;
  StartedWorker worker;

  @BeforeEach
  void start() throws Exception {
    worker = new StartedWorker(folder);
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
  }
}
