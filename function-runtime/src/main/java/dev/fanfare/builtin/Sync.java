package dev.fanfare.builtin;

import dev.fanfare.folder.Receiver;
import dev.fanfare.folder.SyncRequest;
import dev.fanfare.function.Channel;
import dev.fanfare.function.Reject;
import dev.fanfare.sync.Reasons;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code fanfare.sync}: makes a folder of this machine like one of the caller's, below the root
 * that the worker was started to allow.
 */
public final class Sync {
  /** The system property with the root, which the worker sets. */
  public static final String ROOT = "fanfare.allow-sync";

  private static final int UNPROCESSABLE = 422;

  private Sync() {}

  /** Runs to the end of the sync, which the last item tells of. */
  public static void sync(SyncRequest request, Channel<byte[], byte[]> channel) {
    String root = System.getProperty(ROOT);
    if (root == null) {
      throw new Reject(UNPROCESSABLE, "this worker was started without --allow-sync");
    }
    try {
      Receiver.receive(Path.of(root), request, channel);
    } catch (IOException e) {
      String where = request.path() == null || request.path().isEmpty() ? root : request.path();
      throw new Reject(UNPROCESSABLE, where + ": " + Reasons.words(e));
    } catch (IllegalArgumentException e) {
      throw new Reject(UNPROCESSABLE, String.valueOf(e.getMessage()));
    }
  }
}
