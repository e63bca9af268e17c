package dev.fanfare.sync;

import java.util.ArrayList;
import java.util.List;

/**
 * How a folder is synchronised.
 *
 * @param checksum whether contents are compared by hash, also where size and time are equal
 * @param delete whether what is there, but not here, is deleted
 * @param dryRun whether nothing is done, but told what would be
 * @param keepLinks whether links that lead out of the folder are made, too, as the text they are
 * @param exclude patterns of what is left alone, see {@link Exclusion}
 */
public record SyncOptions(
    boolean checksum, boolean delete, boolean dryRun, boolean keepLinks, List<String> exclude) {
  /** Nothing is deleted or excluded, links that lead outside are refused. */
  public static final SyncOptions NONE = new SyncOptions(false, false, false, false, List.of());

  public SyncOptions {
    exclude = List.copyOf(exclude);
  }

  /** These, comparing contents by hash. */
  public SyncOptions withChecksum() {
    return new SyncOptions(true, delete, dryRun, keepLinks, exclude);
  }

  /** These, deleting what is not here. */
  public SyncOptions withDelete() {
    return new SyncOptions(checksum, true, dryRun, keepLinks, exclude);
  }

  /** These, doing nothing. */
  public SyncOptions withDryRun() {
    return new SyncOptions(checksum, delete, true, keepLinks, exclude);
  }

  /** These, keeping links that lead out of the folder. */
  public SyncOptions withKeepLinks() {
    return new SyncOptions(checksum, delete, dryRun, true, exclude);
  }

  /** These, leaving one more pattern alone. */
  public SyncOptions withExclude(String pattern) {
    var more = new ArrayList<>(exclude);
    more.add(pattern);
    return new SyncOptions(checksum, delete, dryRun, keepLinks, more);
  }
}
