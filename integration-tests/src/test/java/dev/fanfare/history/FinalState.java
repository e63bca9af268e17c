package dev.fanfare.history;

/**
 * The platform's last word on one invocation.
 *
 * @param id the invocation's
 * @param token its call id, which clients make its token; empty where there is none
 * @param state {@link #MISSING}, or the state's name
 * @param attempts leases granted
 * @param fence the record's
 * @param outcome what clients compare; empty while it has not ended
 * @param fenceOfOutcome the fence that the execution was given whose result or failure this is; 0
 *     where the outcome is nobody's
 * @param endedAt epoch microseconds, 0 while it has not ended
 */
public record FinalState(
    String id,
    String token,
    String state,
    int attempts,
    long fence,
    String outcome,
    long fenceOfOutcome,
    long endedAt) {
  /** The platform does not know it. */
  public static final String MISSING = "MISSING";

  /** One that the platform does not know. */
  public static FinalState missing(String id) {
    return new FinalState(id, "", MISSING, 0, 0, "", 0, 0);
  }

  boolean ended() {
    return endedAt > 0;
  }
}
