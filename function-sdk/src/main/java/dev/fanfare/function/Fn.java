package dev.fanfare.function;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a public method as a function that Fanfare deploys and runs.
 *
 * <p>Durations are written as a number and a unit ({@code ms}, {@code s}, {@code m}, {@code h},
 * {@code d}) or in ISO-8601 form; sizes as a number and {@code k}, {@code m} or {@code g} (powers
 * of 1024). An empty text or array means the platform's default.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Fn {

  /**
   * The function's name, {@code [a-z0-9][a-z0-9.-]{0,62}}; by default the method's in kebab case.
   */
  String name() default "";

  /** How long one attempt may run; 60 seconds by default, 24 hours at the most. */
  String timeout() default "";

  /**
   * How often a user fault or a timed-out attempt is tried again, 0 to 100; by default 0 for a
   * synchronous call and 2 for an asynchronous one.
   */
  int[] retries() default {};

  /**
   * How long an invocation may wait in the queue before it fails as {@code expired}; no limit by
   * default.
   */
  String expiresAfter() default "";

  /** How many invocations one runtime runs at once, 1 to 10,000. */
  int concurrency() default 1;

  /**
   * How many of its runtimes are kept warm while nothing runs, all workers taken together, 0 to
   * 1,000; by default none.
   */
  int min() default 0;

  /**
   * How many runtimes run it at most, all workers taken together, 1 to 1,000; by default as many as
   * there are slots.
   */
  int[] max() default {};

  /** The heap of the runtime, 32m to what the worker has; 256m by default. */
  String memory() default "";

  /**
   * What a worker must have, for example {@code "gpu=a100"}, {@code "java>=21"}, {@code "zone in
   * (a,b)"}.
   */
  String[] labels() default {};

  /** The weakest isolation the function accepts. */
  Isolation isolation() default Isolation.PROCESS;
}
