package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Usage;

/** Invocations as JSON. */
final class InvocationJson {
  private InvocationJson() {}

  static ObjectNode document(InvocationRecord invocation) {
    ObjectNode json = JsonText.object();
    json.put("id", invocation.id().toString());
    json.put("function", invocation.function().value());
    json.put("revision", invocation.revision().toString());
    json.put("state", state(invocation.state()));
    if (!invocation.callId().isEmpty()) {
      json.put("callId", invocation.callId());
    }
    json.put("async", invocation.async());
    json.put("priority", invocation.priority());
    json.put("attempts", invocation.attempts());
    json.put("losses", invocation.losses());
    json.put("fence", invocation.fence());
    invocation.worker().ifPresent(worker -> json.put("worker", worker.value()));
    putTime(json, "submittedAt", invocation.submittedAt());
    putTime(json, "dueAt", invocation.dueAt());
    putTime(json, "startedAt", invocation.startedAt());
    putTime(json, "endedAt", invocation.endedAt());
    json.set("figures", figures(invocation));
    invocation.outcome().ifPresent(outcome -> putError(json, outcome));
    json.set("links", links(invocation.id()));
    return json;
  }

  /** What a caller that does not wait gets: {@code {id, state, links}}. */
  static ObjectNode accepted(InvocationId id, InvocationState state) {
    ObjectNode json = JsonText.object();
    json.put("id", id.toString());
    json.put("state", state(state));
    json.set("links", links(id));
    return json;
  }

  static String state(InvocationState state) {
    return state.name();
  }

  static ObjectNode error(Fault fault) {
    ObjectNode json = JsonText.object();
    json.put("code", fault.code().code());
    json.put("type", fault.type());
    json.put("message", fault.message());
    json.put("stack", fault.stack());
    if (fault.status() != 0) {
      json.put("status", fault.status());
    }
    return json;
  }

  private static ObjectNode figures(InvocationRecord invocation) {
    Usage usage = invocation.usage();
    ObjectNode json = JsonText.object();
    json.put("queueSeconds", seconds(invocation.queueMicros()));
    json.put("coldSeconds", seconds(usage.coldMicros()));
    json.put("runSeconds", seconds(usage.runMicros()));
    json.put("returnSeconds", seconds(returnMicros(invocation)));
    json.put("totalSeconds", seconds(invocation.totalMicros()));
    json.put("cpuSeconds", seconds(usage.cpuMicros()));
    json.put("peakMemoryBytes", usage.peakMemoryBytes());
    json.put("bytesIn", usage.bytesIn());
    json.put("bytesOut", usage.bytesOut());
    return json;
  }

  /** What is left of the latest attempt beside cold start and run: the ways there and back. */
  private static long returnMicros(InvocationRecord invocation) {
    Usage usage = invocation.usage();
    long attempt = InvocationAnswer.durationMicros(invocation);
    return Math.max(0, attempt - usage.coldMicros() - usage.runMicros());
  }

  private static void putError(ObjectNode json, Outcome outcome) {
    switch (outcome) {
      case Outcome.Success success -> {}
      case Outcome.Failure failure -> json.set("error", error(failure.fault()));
      case Outcome.Cancelled cancelled -> {
        ObjectNode error = JsonText.object();
        error.put("code", "cancelled").put("type", "cancelled");
        error.put("message", cancelled.reason()).put("stack", "");
        json.set("error", error);
      }
    }
  }

  private static ObjectNode links(InvocationId id) {
    String self = "/invocations/" + id;
    ObjectNode json = JsonText.object();
    json.put("self", self);
    json.put("result", self + "/result");
    json.put("logs", self + "/logs");
    return json;
  }

  private static void putTime(ObjectNode json, String name, long epochMicros) {
    if (epochMicros != 0) {
      json.put(name, JsonText.time(epochMicros));
    }
  }

  private static double seconds(long micros) {
    return micros / 1e6;
  }
}
