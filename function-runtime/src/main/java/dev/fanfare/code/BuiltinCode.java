package dev.fanfare.code;

import dev.fanfare.builtin.Exec;
import dev.fanfare.console.Blocks;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.RevisionManifest;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The functions that the runtime has of itself. */
final class BuiltinCode implements LoadedRevision {
  private final RevisionManifest manifest;

  BuiltinCode(RevisionManifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public ClassLoader classes() {
    return BuiltinCode.class.getClassLoader();
  }

  @Override
  public @Nullable FunctionSpec spec(FunctionName name) {
    return manifest.function(name).orElse(null);
  }

  @Override
  public LoadedFunction function(FunctionName name) throws MissingCode {
    if (!name.equals(Builtins.EXEC)) {
      throw new MissingCode("this worker has no function " + name + "; is it older?");
    }
    return (body, invocation, sink) -> {
      Exec.run(body.stream(), sink);
      return sink.payload(Blocks.TYPE);
    };
  }

  @Override
  public void findAhead(BooleanSupplier goOn) {
    // they are here
  }

  @Override
  public void close() {
    // nothing is open
  }
}
