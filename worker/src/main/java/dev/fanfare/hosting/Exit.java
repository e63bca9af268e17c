package dev.fanfare.hosting;

/**
 * How a runtime ended.
 *
 * @param words for people, for example {@code the function called System.exit (exit code 3)}
 * @param code the exit code that was asked for, 0 unless it exited
 */
public record Exit(Cause cause, String words, int code) {

  /** An end that nobody chose an exit code for. */
  public Exit(Cause cause, String words) {
    this(cause, words, 0);
  }

  /** Why a runtime ended. */
  public enum Cause {
    /** The worker ended it. */
    KILLED,
    /** Its memory was not enough. */
    OUT_OF_MEMORY,
    /** It could not open the revision. */
    UNLOADABLE,
    /** The function called {@code System.exit}. */
    EXITED,
    /** It ended in any other way. */
    CRASHED
  }
}
