package dev.fanfare.gateway;

import dev.fanfare.protocol.Fault;

/** Which HTTP status a failure of an invocation is answered with. */
final class FailureStatus {
  private FailureStatus() {}

  static int of(Fault fault) {
    return switch (fault.code()) {
      case USER_FAULT, OUT_OF_MEMORY, CRASHED, LEDGER_DAMAGED -> 500;
      case REJECTED -> fault.status() >= 400 && fault.status() <= 499 ? fault.status() : 422;
      case TIMED_OUT -> 504;
      case EXPIRED -> 503;
      case WORKER_LOST, BAD_RESULT, RESULT_TOO_LARGE -> 502;
      case NO_SUCH_REVISION -> 404;
      case DEPENDENCY_FAILED -> 424;
      case CANCELLED_BY_PARENT -> 409;
    };
  }

  static String title(Fault fault) {
    return switch (fault.code()) {
      case USER_FAULT -> "The function threw";
      case REJECTED -> "The function refused the request";
      case TIMED_OUT -> "Timed out";
      case EXPIRED -> "Waited too long in the queue";
      case WORKER_LOST -> "Worker lost";
      case OUT_OF_MEMORY -> "Out of memory";
      case CRASHED -> "The function's process ended";
      case RESULT_TOO_LARGE -> "Result too large";
      case BAD_RESULT -> "Bad result";
      case DEPENDENCY_FAILED -> "A dependency failed";
      case NO_SUCH_REVISION -> "No such revision";
      case CANCELLED_BY_PARENT -> "The parent was cancelled";
      case LEDGER_DAMAGED -> "Damaged on the disk";
    };
  }
}
