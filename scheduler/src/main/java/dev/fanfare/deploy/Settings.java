package dev.fanfare.deploy;

import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Scale;
import dev.fanfare.schema.Annotations;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a function's policy from its annotation; what is wrong with it goes to the problems. */
final class Settings {
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);
  private static final long MOST_MEMORY_BYTES = 1L << 40;
  private static final int MOST_LABELS = 32;

  private final Annotation annotation;
  private final Problems problems;
  private final String where;

  Settings(Annotation annotation, Problems problems, String where) {
    this.annotation = annotation;
    this.problems = problems;
    this.where = where;
  }

  /** The policy, with the default in the place of everything that is wrong. */
  Policy policy() {
    return new Policy(
        length("timeout", Policy.LONGEST_TIMEOUT).orElse(Policy.DEFAULT_TIMEOUT),
        oneNumber("retries", 0, Policy.MOST_RETRIES),
        length("expiresAfter", LONGEST_WAIT),
        number("concurrency", 1, Policy.MOST_CONCURRENCY).orElse(1),
        memory(),
        new Requirements(constraints(), isolation()),
        scale());
  }

  private Optional<Duration> length(String element, Duration longest) {
    Optional<Duration> given = parse(element, Durations::parse);
    if (given.isEmpty()) {
      return given;
    }
    Duration length = given.get();
    boolean fits =
        length.compareTo(Duration.ofMillis(1)) >= 0
            && length.compareTo(longest) <= 0
            && length.equals(length.truncatedTo(ChronoUnit.MILLIS));
    if (!fits) {
      wrong(
          element,
          "is 1ms to "
              + Durations.format(longest)
              + " in whole milliseconds, not "
              + text(element));
    }
    return given.filter(_ -> fits);
  }

  private Scale scale() {
    int min = number("min", 0, Scale.MOST_RUNTIMES).orElse(0);
    Optional<Integer> max = oneNumber("max", 1, Scale.MOST_RUNTIMES);
    if (max.isPresent() && max.get() < min) {
      wrong("max", "is at least min, %d, not %d".formatted(min, max.get()));
      return Scale.DEFAULT;
    }
    return new Scale(min, max);
  }

  /** A number that may be absent, which an annotation says with an empty array. */
  private Optional<Integer> oneNumber(String element, int least, int most) {
    List<AnnotationValue> given = array(element);
    if (given.size() > 1) {
      wrong(element, "is one number, not " + given.size());
    }
    return given.stream()
        .limit(1)
        .filter(AnnotationValue.OfInt.class::isInstance)
        .map(value -> ((AnnotationValue.OfInt) value).intValue())
        .filter(count -> within(element, count, least, most))
        .findFirst();
  }

  private Optional<Integer> number(String element, int least, int most) {
    return Annotations.value(annotation, element)
        .filter(AnnotationValue.OfInt.class::isInstance)
        .map(value -> ((AnnotationValue.OfInt) value).intValue())
        .filter(number -> within(element, number, least, most));
  }

  private long memory() {
    Optional<Long> given = parse("memory", ByteSizes::parse);
    boolean fits =
        given.isEmpty()
            || given.get() >= Policy.LEAST_MEMORY_BYTES && given.get() <= MOST_MEMORY_BYTES;
    if (!fits) {
      wrong("memory", "is 32m to 1024g, not " + text("memory"));
    }
    return given.filter(_ -> fits).orElse(Policy.DEFAULT_MEMORY_BYTES);
  }

  private List<Constraint> constraints() {
    List<AnnotationValue> given = array("labels");
    if (given.size() > MOST_LABELS) {
      wrong("labels", "holds at most " + MOST_LABELS + " constraints, not " + given.size());
    }
    var constraints = new ArrayList<Constraint>();
    for (AnnotationValue value : given) {
      if (value instanceof AnnotationValue.OfString written) {
        attempt("labels", written.stringValue(), Constraint::parse).ifPresent(constraints::add);
      }
    }
    return constraints;
  }

  private Isolation isolation() {
    return Annotations.constant(annotation, "isolation")
        .flatMap(name -> attempt("isolation", name, Isolation::valueOf))
        .orElse(Isolation.PROCESS);
  }

  private List<AnnotationValue> array(String element) {
    return Annotations.value(annotation, element)
        .filter(AnnotationValue.OfArray.class::isInstance)
        .map(value -> ((AnnotationValue.OfArray) value).values())
        .orElse(List.of());
  }

  private <T> Optional<T> parse(String element, Function<String, T> parser) {
    return Annotations.text(annotation, element).flatMap(text -> attempt(element, text, parser));
  }

  private <T> Optional<T> attempt(String element, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException | ArithmeticException e) {
      wrong(element, "does not read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private boolean within(String element, int number, int least, int most) {
    boolean fits = number >= least && number <= most;
    if (!fits) {
      wrong(element, "is %d to %d, not %d".formatted(least, most, number));
    }
    return fits;
  }

  private String text(String element) {
    return "'" + Annotations.text(annotation, element).orElse("") + "'";
  }

  private void wrong(String element, String why) {
    problems.add(ProblemCode.BAD_SETTING, where, "@Fn " + element + " " + why);
  }
}
