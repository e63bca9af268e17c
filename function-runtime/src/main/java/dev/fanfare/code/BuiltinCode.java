package dev.fanfare.code;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.json.FunctionJson;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.RevisionManifest;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The functions that the runtime has of itself: static methods of its own classes. */
final class BuiltinCode implements LoadedRevision {
  private static final ClassLoader OWN = BuiltinCode.class.getClassLoader();

  private final RevisionManifest manifest;
  private final JsonMapper json = FunctionJson.mapper();

  BuiltinCode(RevisionManifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public ClassLoader classes() {
    return OWN;
  }

  @Override
  public @Nullable FunctionSpec spec(FunctionName name) {
    return manifest.function(name).orElse(null);
  }

  @Override
  public LoadedFunction function(FunctionName name) throws MissingCode {
    FunctionSpec spec = spec(name);
    if (spec == null) {
      throw new MissingCode("there is no function " + name + "; is the worker older?");
    }
    return FunctionCode.find(
        spec,
        OWN,
        json,
        type -> {
          throw new MissingCode(type.getName() + " has no object");
        });
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
