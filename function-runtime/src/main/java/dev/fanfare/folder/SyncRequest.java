package dev.fanfare.folder;

import dev.fanfare.sync.SyncOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sync is to do.
 *
 * @param path the folder, counted from the worker's root or absolute and in it
 * @param checksum as of {@link SyncOptions}, like all that follow
 */
public record SyncRequest(
    @Nullable String path,
    boolean checksum,
    boolean delete,
    boolean dryRun,
    boolean keepLinks,
    @Nullable List<String> exclude) {
  String folder() {
    return path == null ? "" : path;
  }

  List<String> excluded() {
    return exclude == null ? List.of() : exclude;
  }
}
