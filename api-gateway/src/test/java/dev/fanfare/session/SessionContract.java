package dev.fanfare.session;

import dev.fanfare.frame.Link;
import dev.fanfare.key.Principal;
import io.vertx.core.Context;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker's session is, whatever it travels over: a real node, dispatcher and session server,
 * and a worker's end that does as the test says. Subclasses bring the link.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SessionContract
    implements SessionOpening, SessionWork, SessionBreaks, SessionBlobs, SessionLogs {
  private @Nullable SessionScene scene;

  /** A link from this worker's end to the session server, authenticated as this principal. */
  protected abstract Link connect(ScriptedWorker worker, Principal principal);

  /** Where the session server is. */
  protected final SessionServer sessions() {
    return scene().sessions;
  }

  /** The context that the session server's end of links should use. */
  protected final Context context() {
    return scene().context;
  }

  @Override
  public final SessionScene scene() {
    return Objects.requireNonNull(scene);
  }

  @BeforeAll
  final void start(@TempDir Path data) {
    scene = new SessionScene(data, this::connect);
  }

  @AfterAll
  final void stop() {
    scene().close();
  }

  @AfterEach
  final void disconnect() {
    scene().disconnect();
  }
}
