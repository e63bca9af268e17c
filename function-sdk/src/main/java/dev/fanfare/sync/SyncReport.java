package dev.fanfare.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a sync of one worker ended.
 *
 * @param worker its name
 * @param sent files whose contents were sent
 * @param unchanged files that were as here already
 * @param copied files whose contents the worker had elsewhere in the folder
 * @param links links that were made
 * @param folders folders that were made
 * @param deleted files, links and folders that were deleted
 * @param failed entries that are not as here
 * @param bytes of files that were sent
 * @param failures what failed and why, a line each, at most {@value #MOST_FAILURES}
 * @param broken why it did not come to its end; null if it did
 */
public record SyncReport(
    String worker,
    long sent,
    long unchanged,
    long copied,
    long links,
    long folders,
    long deleted,
    long failed,
    long bytes,
    List<String> failures,
    @Nullable String broken) {
  /** The most failures that are kept in words. */
  public static final int MOST_FAILURES = 1_000;

  public SyncReport {
    failures = List.copyOf(failures);
  }

  /** One that did not come to its end. */
  public static SyncReport broken(String worker, List<String> failures, String why) {
    return new SyncReport(worker, 0, 0, 0, 0, 0, 0, 0, 0, failures, why);
  }

  /** Whether the worker's folder is now as the one here. */
  public boolean complete() {
    return broken == null && failed == 0;
  }
}
