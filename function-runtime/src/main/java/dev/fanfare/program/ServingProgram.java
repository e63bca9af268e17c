package dev.fanfare.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.execution.CommandFailed;
import dev.fanfare.execution.RunningCommand;
import dev.fanfare.execution.Signal;
import dev.fanfare.function.Invocation;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.ProgramManifest.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A program with one process for many calls. Each call is a line of JSON on its standard input,
 * each answer a line on its standard output; {@code docs/programs.md} has the fields. A process
 * that ends, or runs a call that is stopped, is replaced at the next call. Thread-safe.
 */
public final class ServingProgram implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Program program;
  private final FunctionName name;
  private final Path folder;
  private @Nullable Serving serving;
  private long calls;

  public ServingProgram(Program program, FunctionName name, Path folder) {
    this.program = program;
    this.name = name;
    this.folder = folder;
  }

  /**
   * The answer's {@code result}, or its {@code bytes} as a binary node.
   *
   * @param json whether the body is JSON
   * @throws ProgramFailed if it answered with an error, ended, or said what is no answer
   */
  public JsonNode call(byte[] body, boolean json, Invocation invocation)
      throws IOException, InterruptedException {
    Serving process = process();
    ObjectNode call = JSON.createObjectNode();
    String number = Long.toString(nextNumber());
    call.put("call", number);
    call.put("function", name.value());
    call.put("invocation", invocation.id());
    call.put("attempt", invocation.attempt());
    if (json && body.length > 0) {
      call.set("body", JSON.readTree(body));
    } else if (body.length > 0) {
      call.put("bytes", body);
    }
    var answer = new CompletableFuture<JsonNode>();
    process.waiting.put(number, answer);
    try {
      process.say(JSON.writeValueAsString(call));
      return result(answer.get());
    } catch (InterruptedException e) {
      process.command.close();
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ProgramFailed failed) {
        throw failed;
      }
      throw new IOException(e.getCause());
    } finally {
      process.waiting.remove(number);
    }
  }

  private synchronized long nextNumber() {
    return ++calls;
  }

  private static JsonNode result(JsonNode answer) throws IOException {
    JsonNode error = answer.path("error");
    if (error.isMissingNode()) {
      JsonNode bytes = answer.path("bytes");
      return bytes.isMissingNode()
          ? answer.path("result")
          : JSON.getNodeFactory().binaryNode(bytes.binaryValue());
    }
    String message = error.isTextual() ? error.textValue() : error.path("message").asText("");
    int status = error.path("status").asInt(0);
    throw new ProgramFailed(
        new Fault(
            status == 0 ? FailureCode.USER_FAULT : FailureCode.REJECTED,
            error.path("type").asText("error"),
            message,
            error.path("stack").asText(""),
            status));
  }

  private synchronized Serving process() {
    if (serving == null || serving.over) {
      try {
        serving = new Serving(RunningCommand.start(Environment.serving(program, name, folder)));
      } catch (CommandFailed e) {
        throw ProgramFailed.notStarted(String.valueOf(e.getMessage()));
      }
    }
    return serving;
  }

  @Override
  public synchronized void close() {
    if (serving != null) {
      serving.command.close();
    }
  }

  /** The process, and who waits for its answers. */
  private static final class Serving {
    final RunningCommand command;
    final Map<String, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final ErrorTail errors = new ErrorTail();
    volatile boolean over;

    Serving(RunningCommand command) {
      this.command = command;
      errors.follow(command.err());
      var reader = new Thread(this::read, "program-answers");
      reader.setDaemon(true);
      reader.start();
    }

    synchronized void say(String line) {
      try {
        command.in().write((line + "\n").getBytes(UTF_8));
        command.in().flush();
      } catch (IOException e) {
        // its reader sees that it has ended, and tells those who wait
      }
      if (over) {
        fail(ProgramFailed.misspoke("the program has ended"));
      }
    }

    private void read() {
      ProgramFailed why = ProgramFailed.misspoke("the program closed its output");
      try (var lines = new BufferedReader(new InputStreamReader(command.out(), UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (!line.isBlank()) {
            hear(line);
          }
        }
      } catch (ProgramFailed e) {
        why = e;
      } catch (IOException e) {
        why = ProgramFailed.misspoke("its output cannot be read: " + e.getMessage());
      }
      end(why);
    }

    private void hear(String line) {
      JsonNode answer;
      try {
        answer = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        throw ProgramFailed.misspoke(
            "the program wrote a line that is no JSON to its standard output (logs go to standard"
                + " error): "
                + (line.length() > 200 ? line.substring(0, 200) + "…" : line));
      }
      CompletableFuture<JsonNode> caller = waiting.get(answer.path("call").asText());
      if (caller == null) {
        throw ProgramFailed.misspoke(
            "the program answered call '" + answer.path("call").asText() + "', which nobody made");
      }
      caller.complete(answer);
    }

    private void end(ProgramFailed why) {
      over = true;
      ProgramFailed told = why;
      try {
        if (!waiting.isEmpty() && why.fault().message().startsWith("the program closed")) {
          int code = command.await();
          told =
              ProgramFailed.exited(
                  code == 0 ? 1 : code, Signal.endedBy(code).orElse(""), errors.text());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      command.close();
      fail(told);
    }

    private void fail(ProgramFailed why) {
      waiting.values().forEach(caller -> caller.completeExceptionally(why));
    }
  }
}
