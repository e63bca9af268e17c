package dev.fanfare.registry;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import java.util.List;

/** A change of the registry, or a reference, that was refused. Nothing was changed. */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private RegistryException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** The stable code, for example {@code no-such-function}. */
  public String code() {
    return code;
  }

  static RegistryException noSuchFunction(FunctionName function) {
    return new RegistryException(
        "no-such-function", "no function '" + function + "' is deployed; see 'fanfare list'");
  }

  static RegistryException noSuchRevision(FunctionName function, RevisionId revision) {
    return new RegistryException(
        "no-such-revision",
        "function '"
            + function
            + "' has no revision "
            + revision.brief()
            + "; see 'fanfare describe'");
  }

  static RegistryException noSuchAlias(FunctionName function, String alias) {
    return new RegistryException(
        "no-such-alias", "function '" + function + "' has no alias '" + alias + "'");
  }

  static RegistryException ambiguousRevision(
      FunctionName function, String prefix, List<RevisionId> candidates) {
    return new RegistryException(
        "ambiguous-revision",
        "'"
            + prefix
            + "' begins "
            + candidates.size()
            + " revisions of function '"
            + function
            + "'; write more digits");
  }

  static RegistryException liveStays(FunctionName function) {
    return new RegistryException(
        "live-alias",
        "the alias 'live' of function '"
            + function
            + "' cannot be removed; move it, or delete the function");
  }

  static RegistryException nothingBefore(FunctionName function, RevisionId live) {
    return new RegistryException(
        "no-earlier-revision",
        "nothing served as '" + function + "' before revision " + live.brief());
  }
}
