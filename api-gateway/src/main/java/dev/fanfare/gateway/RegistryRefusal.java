package dev.fanfare.gateway;

import dev.fanfare.registry.RegistryException;

/** What a caller is told when the registry refuses a change. */
final class RegistryRefusal {
  private RegistryRefusal() {}

  static Problem problem(RegistryException refusal) {
    String code = refusal.code();
    int status =
        switch (code) {
          case "no-such-function", "no-such-revision", "no-such-alias" -> 404;
          case "ambiguous-revision" -> 400;
          default -> 409;
        };
    return Problem.of(status, code, "Refused", String.valueOf(refusal.getMessage()));
  }
}
