package dev.fanfare.gateway;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A body that did not fit the function's parameters, as the runtime tells of it. */
final class ArgumentFault {
  private static final String TYPE = "argument";
  private static final int UNPROCESSABLE = 422;

  /** {@code person.age: expected integer, got text}. */
  private static final Pattern PATH_FIRST = Pattern.compile("([^\\s:]{1,200}): .*", Pattern.DOTALL);

  private ArgumentFault() {}

  /** The field that the message begins with; none where the body is not even JSON. */
  static Optional<String> field(Fault fault) {
    if (fault.code() != FailureCode.REJECTED
        || !fault.type().equals(TYPE)
        || fault.status() != UNPROCESSABLE) {
      return Optional.empty();
    }
    Matcher matcher = PATH_FIRST.matcher(fault.message());
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
