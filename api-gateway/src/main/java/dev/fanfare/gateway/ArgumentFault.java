package dev.fanfare.gateway;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A body that did not fit the function's parameters, as the runtime tells of it. */
final class ArgumentFault {
  private static final String TYPE = "argument";
  private static final Pattern QUOTED = Pattern.compile("'([^']{1,200})'");

  private ArgumentFault() {}

  /** The field that the message names, in quotes. */
  static Optional<String> field(Fault fault) {
    if (fault.code() != FailureCode.REJECTED || !fault.type().equals(TYPE)) {
      return Optional.empty();
    }
    Matcher matcher = QUOTED.matcher(fault.message());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
