package dev.fanfare.platform;

import dev.fanfare.context.Context;
import dev.fanfare.context.ContextFile;
import dev.fanfare.context.Contexts;
import dev.fanfare.key.Keys;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.TenantId;
import java.util.Optional;

/** Sees to it that the user's context has a key with which everything can be done. */
public final class AdminKey {
  private AdminKey() {}

  /** What became of the context. */
  public enum Change {
    /** It held a good key already. */
    NONE,
    /** The first key of this platform was made and saved. */
    FIRST,
    /** Another key was made, since the context had none that this platform knows. */
    RENEWED
  }

  /** Makes a key unless the context has a good one, and saves it with the URL under the name. */
  public static Change save(Keys keys, ContextFile file, String name, String url) {
    Contexts contexts = file.load();
    Optional<Context> known = contexts.find(name);
    Optional<String> good = known.flatMap(Context::key).filter(key -> isAdmin(keys, key));
    boolean first =
        keys.list(TenantId.DEFAULT).stream().noneMatch(key -> key.scope() == Scope.ADMIN);
    String key = good.orElseGet(() -> issue(keys, name));
    Context wanted = new Context(url, Optional.of(key));
    if (!known.equals(Optional.of(wanted))) {
      file.save(contexts.with(name, wanted));
    }
    return good.isPresent() ? Change.NONE : first ? Change.FIRST : Change.RENEWED;
  }

  /** Whether the context has a good key. */
  public static boolean isKnown(Keys keys, ContextFile file, String name) {
    return file.load()
        .find(name)
        .flatMap(Context::key)
        .filter(key -> isAdmin(keys, key))
        .isPresent();
  }

  /** A new key with which everything can be done. */
  public static String issue(Keys keys, String name) {
    return keys.issue(TenantId.DEFAULT, Scope.ADMIN, "context " + name, Optional.empty()).text();
  }

  private static boolean isAdmin(Keys keys, String key) {
    return keys.authenticate(key).filter(principal -> principal.scope() == Scope.ADMIN).isPresent();
  }
}
