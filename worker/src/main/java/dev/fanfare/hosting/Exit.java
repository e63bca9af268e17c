package dev.fanfare.hosting;

/**
 * How a runtime ended.
 *
 * @param words for people, for example {@code the function called System.exit (exit code 3)}
 */
public record Exit(Cause cause, String words) {

  /** Why a runtime ended. */
  public enum Cause {
    /** The worker ended it. */
    KILLED,
    /** Its memory was not enough. */
    OUT_OF_MEMORY,
    /** It could not open the revision. */
    UNLOADABLE,
    /** It ended in any other way. */
    CRASHED
  }
}
