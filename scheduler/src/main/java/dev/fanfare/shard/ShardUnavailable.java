package dev.fanfare.shard;

/** A shard's owner could not be reached, or it is not known whether it applied the batch. */
public final class ShardUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For the given shard, with what went wrong beneath. */
  public ShardUnavailable(int shard, Throwable cause) {
    super("shard " + shard + " did not answer: " + cause.getMessage(), cause);
  }
}
