package dev.fanfare.client;

import java.util.regex.Pattern;

/** How functions, invocations and bursts are named in requests. */
final class Names {
  private static final Pattern FUNCTION =
      Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}(:[a-z0-9][a-z0-9-]{0,62}|@[0-9a-f]{6,64})?");
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z]{26}");

  private Names() {}

  /** Throws an {@link IllegalArgumentException} if it cannot be a function's name. */
  static void checkFunction(String name) {
    if (!FUNCTION.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no function: write name, name:alias or name@revision");
    }
  }

  /** Throws an {@link IllegalArgumentException} if it cannot be an invocation's id. */
  static void checkInvocation(String id) {
    check(id, "invocation");
  }

  /** Throws an {@link IllegalArgumentException} if it cannot be a burst's id. */
  static void checkBurst(String id) {
    check(id, "burst");
  }

  private static void check(String id, String what) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("'" + id + "' is no " + what + "'s id");
    }
  }
}
