package dev.fanfare.deploy;

import dev.fanfare.deploy.Undeployable.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What is wrong with a jar, as far as it was read; each thing once, at most a hundred. */
final class Problems {
  private static final int MOST = 100;
  private static final int LONGEST = 1_000;
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");

  private final Set<Problem> found = new LinkedHashSet<>();
  private int more;

  /** Keeps a problem. Names from the jar are made safe to print. */
  void add(ProblemCode code, String where, String message) {
    var problem = new Problem(code, printable(where), printable(message));
    if (found.size() < MOST) {
      found.add(problem);
    } else if (!found.contains(problem)) {
      more++;
    }
  }

  /** Ends the scan here with everything that was found so far, this last. */
  Undeployable fatal(ProblemCode code, String message) {
    add(code, "", message);
    return refusal();
  }

  void refuseIfAny() {
    if (!found.isEmpty()) {
      throw refusal();
    }
  }

  private Undeployable refusal() {
    List<Problem> all = new ArrayList<>(found);
    if (more > 0) {
      Problem last = all.getLast();
      all.add(new Problem(last.code(), "", "and " + more + " more problems"));
    }
    return new Undeployable(all);
  }

  /** A number with its thousands apart, the same in every locale. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String printable(String text) {
    String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    return UNPRINTABLE.matcher(cut).replaceAll("?");
  }
}
