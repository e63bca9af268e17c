package dev.fanfare.sync;

/** Who hears how syncs go on; called by several threads when there are several workers. */
public interface SyncListener {
  /** Hears nothing. */
  SyncListener NOBODY = new SyncListener() {};

  /** The worker wants so many bytes more. */
  default void expected(String worker, long bytes) {}

  /** So many bytes more are on their way. */
  default void sent(String worker, long bytes) {}

  /** Something was done, would be done, or failed. */
  default void told(String worker, SyncMessage.Told told) {}
}
