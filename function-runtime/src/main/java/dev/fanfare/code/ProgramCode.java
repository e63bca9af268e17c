package dev.fanfare.code;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.json.ResultSink;
import dev.fanfare.json.Results;
import dev.fanfare.program.OnceProgram;
import dev.fanfare.program.ProgramFolder;
import dev.fanfare.program.ServingProgram;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.ProgramManifest;
import dev.fanfare.protocol.ProgramManifest.Program;
import dev.fanfare.protocol.RevisionManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A folder of programs as a revision. */
final class ProgramCode implements LoadedRevision {
  private final RevisionManifest manifest;
  private final Path folder;
  private final ProgramManifest programs;
  private final PlatformClasses platform = new PlatformClasses();
  private final Map<FunctionName, ServingProgram> serving = new ConcurrentHashMap<>();
  private final JsonMapper json = new JsonMapper();

  ProgramCode(RevisionManifest manifest, Path artifact, Path kept) throws IOException {
    this.manifest = manifest;
    this.folder = ProgramFolder.unpacked(artifact, manifest.artifact(), kept);
    this.programs = ProgramManifest.read(Files.readAllBytes(folder.resolve(ProgramManifest.FILE)));
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
  public LoadedFunction.Called function(FunctionName name) throws MissingCode {
    Program program = programs.programs().get(name);
    if (program == null) {
      throw new MissingCode("the folder has no function '" + name + "'");
    }
    return switch (program.mode()) {
      case ONCE -> {
        var once = new OnceProgram(program, name, folder);
        yield (body, invocation, sink) -> {
          once.call(body.stream(), invocation, sink);
          return sink.payload(mediaType(program.result()));
        };
      }
      case SERVE -> {
        ServingProgram one =
            serving.computeIfAbsent(name, key -> new ServingProgram(program, key, folder));
        yield (body, invocation, sink) ->
            written(one.call(body.bytes(), body.isJson(), invocation), program.result(), sink);
      }
    };
  }

  private Payload written(JsonNode result, ResultKind kind, ResultSink sink) throws IOException {
    byte[] bytes =
        switch (kind) {
          case BYTES -> result.isBinary() ? result.binaryValue() : text(result);
          case TEXT -> text(result);
          case JSON, NOTHING, STREAM ->
              json.writeValueAsBytes(result.isMissingNode() ? null : result);
        };
    sink.write(bytes, 0, bytes.length);
    return sink.payload(mediaType(kind));
  }

  private byte[] text(JsonNode result) throws IOException {
    return result.isTextual() || result.isMissingNode()
        ? result.asText().getBytes(StandardCharsets.UTF_8)
        : json.writeValueAsBytes(result);
  }

  private static String mediaType(ResultKind kind) {
    return Results.mediaType(kind);
  }

  @Override
  public void findAhead(BooleanSupplier goOn) {
    // a program starts when it is called
  }

  @Override
  public void close() {
    serving.values().forEach(ServingProgram::close);
  }
}
