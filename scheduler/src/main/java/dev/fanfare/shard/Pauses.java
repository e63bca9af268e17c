package dev.fanfare.shard;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What does not start for the time being: functions, and tenants with all of theirs. Submissions
 * queue, what runs goes on, what waits too long expires as ever.
 *
 * @param version of these; a shard that was told a later one ignores them
 */
public record Pauses(long version, Set<TenantId> tenants, Set<PausedFunction> functions) {
  /** Nothing is paused, and never was. */
  public static final Pauses NONE = new Pauses(0, Set.of(), Set.of());

  public Pauses {
    tenants = Set.copyOf(tenants);
    functions = Set.copyOf(functions);
  }

  /** A function of a tenant that is paused by itself. */
  public record PausedFunction(TenantId tenant, FunctionName function) {}

  /** Whether the function, or its whole tenant, is paused. */
  public boolean cover(TenantId tenant, FunctionName function) {
    return tenants.contains(tenant) || functions.contains(new PausedFunction(tenant, function));
  }

  /** Writes these for {@link #read}. */
  public void write(WireOutput out) throws IOException {
    out.number(version);
    out.list(tenants, out::tenant);
    out.list(
        functions,
        function -> {
          out.tenant(function.tenant());
          out.function(function.function());
        });
  }

  /** Reads what {@link #write} wrote. */
  public static Pauses read(WireInput in) throws IOException {
    long version = in.number();
    List<TenantId> tenants = in.list(in::tenant);
    List<PausedFunction> functions = in.list(() -> new PausedFunction(in.tenant(), in.function()));
    return new Pauses(version, Set.copyOf(tenants), Set.copyOf(functions));
  }
}
