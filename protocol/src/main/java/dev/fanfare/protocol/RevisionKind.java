package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a revision's artifact is, and so how a runtime runs it. */
public enum RevisionKind {
  /** A jar of classes whose methods are the functions. Manifests leave this kind out. */
  JAR,

  /** One Java source file, compiled by the worker; its {@code main} is the function. */
  SOURCE,

  /** A packed folder with a program in any language. */
  PROGRAM,

  /** Functions that every worker has of itself. */
  BUILTIN;

  /** As manifests write it. */
  @JsonValue
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of this code.
   *
   * @throws IllegalArgumentException if there is none, or only in a newer platform
   */
  @JsonCreator
  public static RevisionKind of(String code) {
    for (RevisionKind kind : values()) {
      if (kind.code().equals(code)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("there is no kind of revision '" + code + "'");
  }
}
