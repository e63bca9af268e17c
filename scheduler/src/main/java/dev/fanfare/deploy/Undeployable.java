package dev.fanfare.deploy;

import java.util.List;
import java.util.stream.Collectors;

/** A jar that cannot be deployed, with everything that was found wrong with it. */
public final class Undeployable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The stable code of the refusal as a whole. */
  public static final String CODE = "undeployable";

  private final transient List<Problem> problems;

  /**
   * One thing that is wrong.
   *
   * @param where the class and method, or the jar's entry; empty where it is the jar itself
   * @param message what is wrong, the limit, and what to do
   */
  public record Problem(ProblemCode code, String where, String message) {
    @Override
    public String toString() {
      return where.isEmpty() ? message : where + ": " + message;
    }
  }

  Undeployable(List<Problem> problems) {
    super(
        "the jar cannot be deployed:\n"
            + problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that was found, in the order of the jar; at least one. */
  public List<Problem> problems() {
    return problems;
  }
}
