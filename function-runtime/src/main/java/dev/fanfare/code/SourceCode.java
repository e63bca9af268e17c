package dev.fanfare.code;

import dev.fanfare.json.BodySource;
import dev.fanfare.json.Texts;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.source.CompiledSources;
import dev.fanfare.source.MainMethod;
import dev.fanfare.source.SourceCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A source file as a revision. It is compiled at its first call, so that what is wrong with it is
 * that call's failure. Every call has classes of its own: no static field outlives it.
 */
final class SourceCode implements LoadedRevision {
  private final RevisionManifest manifest;
  private final Path artifact;
  private final CompiledSources compiled;
  private final PlatformClasses platform = new PlatformClasses();

  SourceCode(RevisionManifest manifest, Path artifact, Path kept) {
    this.manifest = manifest;
    this.artifact = artifact;
    this.compiled = new CompiledSources(kept.resolve("compiled"), SourceCompiler.ofThisJava());
  }

  @Override
  public ClassLoader classes() {
    return platform;
  }

  @Override
  public @Nullable FunctionSpec spec(FunctionName name) {
    return manifest.function(name).orElse(null);
  }

  @Override
  public LoadedFunction function(FunctionName name) throws MissingCode {
    FunctionSpec spec = spec(name);
    if (spec == null) {
      throw new MissingCode("the revision has no function '" + name + "'");
    }
    return spec.channel()
        ? new SourceTalk(() -> jar(spec.className()), platform, spec.className())
        : called(spec.className());
  }

  private LoadedFunction.Called called(String file) {
    return (body, invocation, sink) -> run(file, body);
  }

  private Payload run(String file, BodySource body) throws Throwable {
    String[] arguments = Texts.read(body).toArray(String[]::new);
    try (var classes = new JarClasses(null, jar(file), platform)) {
      Class<?> type = Class.forName(classes.mainClass(), false, classes);
      MainMethod main = MainMethod.of(type, file);
      new MainThread(classes).run(() -> main.call(type, arguments));
    }
    return Payload.EMPTY;
  }

  private Path jar(String file) throws IOException {
    return compiled.jar(manifest.artifact(), file, Files.readString(artifact));
  }

  @Override
  public void findAhead(BooleanSupplier goOn) {
    // compiling is left to the first call, which is told what is wrong
  }

  @Override
  public void close() {
    // each call closes what it opened
  }
}
