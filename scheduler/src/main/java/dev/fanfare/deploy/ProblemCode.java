package dev.fanfare.deploy;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a jar is refused. The written codes are stable. */
public enum ProblemCode {
  /** The bytes are no zip file at all. */
  NOT_A_JAR,
  /** There is nothing in it. */
  EMPTY_JAR,
  /** It starts like a jar, but its end or a part of it is missing or damaged. */
  DAMAGED_JAR,
  TOO_MANY_ENTRIES,
  /** Unpacked it would be over the limit. */
  TOO_LARGE,
  /** An entry's name leads out of the jar. */
  UNSAFE_ENTRY,
  /** One class is there twice. */
  DUPLICATE_CLASS,
  /** The manifest names other jars, which would not be there. */
  CLASS_PATH,
  MALFORMED_CLASS,
  /** A class needs a newer Java than the platform's, or its preview features. */
  NEWER_JAVA,
  NO_FUNCTIONS,
  TOO_MANY_FUNCTIONS,
  DUPLICATE_FUNCTION,
  BAD_NAME,
  /** A length of time, size, number or constraint of the annotation is none, or out of bounds. */
  BAD_SETTING,
  /** The class cannot be made: not public, abstract, inner, or without a public constructor. */
  UNUSABLE_CLASS,
  /** The method cannot be called: not public, or abstract. */
  UNUSABLE_METHOD,
  /** A source is not UTF-8. */
  NOT_TEXT,
  UNSUPPORTED_PARAMETER,
  UNSUPPORTED_RESULT;

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The stable written form, for example {@code newer-java}. */
  @JsonValue
  public String code() {
    return code;
  }
}
