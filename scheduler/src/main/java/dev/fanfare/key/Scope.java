package dev.fanfare.key;

import java.util.Locale;

/** What a key may do. Each of the first five may do all that those before it may. */
public enum Scope {
  /** Look. */
  VIEWER,
  /** Call functions. */
  INVOKER,
  /** Deploy and delete functions, move aliases. */
  DEPLOYER,
  /** Manage workers. */
  OPERATOR,
  /** Manage keys; everything. */
  ADMIN,
  /** Let a worker in for the first time; nothing else. */
  JOIN,
  /** Be a worker; nothing else. */
  WORKER,
  /** Run commands on workers that allow it, and look; administrators may, too. */
  EXEC;

  /** Whether a key of this scope may do what needs the other. */
  public boolean allows(Scope needed) {
    if (this == EXEC || needed == EXEC) {
      return this == needed || this == ADMIN || needed == VIEWER;
    }
    boolean person = compareTo(ADMIN) <= 0;
    boolean forPersons = needed.compareTo(ADMIN) <= 0;
    return person && forPersons ? compareTo(needed) >= 0 : this == needed;
  }

  /** Whether a worker may show a key of this scope. */
  public boolean isForWorkers() {
    return this == JOIN || this == WORKER;
  }

  /** The written form, in lower case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if there is no such scope
   */
  public static Scope parse(String code) {
    for (Scope scope : values()) {
      if (scope.code().equals(code)) {
        return scope;
      }
    }
    throw new IllegalArgumentException(
        "no scope '"
            + code
            + "': write viewer, invoker, deployer, operator, admin, exec, join or worker");
  }
}
