package dev.fanfare.worker;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;

/** One function of one revision: what a runtime is warm for. */
record FunctionKey(RevisionId revision, FunctionName function) {

  static FunctionKey of(Lease lease) {
    return new FunctionKey(lease.revision(), lease.function());
  }

  @Override
  public int hashCode() {
    return revision.hash().hex().hashCode() * 31 + function.value().hashCode();
  }
}
