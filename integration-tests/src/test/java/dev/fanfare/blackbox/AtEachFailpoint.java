package dev.fanfare.blackbox;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test that is given each place, one after another, at which a node can be told to end. */
@Target(METHOD)
@Retention(RUNTIME)
@ParameterizedTest
@ValueSource(
    strings = {
      "ledger.before-commit",
      "ledger.after-commit",
      "accept.before-answer",
      "accept.after-answer"
    })
@interface AtEachFailpoint {}
