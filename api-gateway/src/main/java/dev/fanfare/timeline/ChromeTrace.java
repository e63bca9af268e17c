package dev.fanfare.timeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fanfare.timeline.Span.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a burst in Chrome's trace event format, which Perfetto and chrome://tracing show: a
 * process for each worker, a row for each of its sampled invocations at a time, in it the phases.
 */
public final class ChromeTrace {
  private static final JsonFactory JSON = new JsonFactory();

  private final Timeline timeline;
  private final JsonGenerator json;
  private final Map<String, List<Long>> rows = new LinkedHashMap<>();

  private ChromeTrace(Timeline timeline, JsonGenerator json) {
    this.timeline = timeline;
    this.json = json;
  }

  /** The document, as UTF-8. */
  public static byte[] write(Timeline timeline) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      new ChromeTrace(timeline, json).document();
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be written to", e);
    }
    return bytes.toByteArray();
  }

  private void document() throws IOException {
    json.writeStartObject();
    json.writeStringField("displayTimeUnit", "ms");
    json.writeObjectFieldStart("otherData");
    json.writeStringField("title", timeline.title());
    json.writeNumberField("items", timeline.items());
    json.writeNumberField("invocations", timeline.invocations());
    json.writeEndObject();
    json.writeArrayFieldStart("traceEvents");
    for (Span span : timeline.spans()) {
      events(span);
    }
    for (String worker : rows.keySet()) {
      name(worker);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void events(Span span) throws IOException {
    List<Long> ends = rows.computeIfAbsent(worker(span), worker -> new ArrayList<>());
    int process = List.copyOf(rows.keySet()).indexOf(worker(span));
    int row = row(ends, span);
    for (Phase phase : Phase.values()) {
      long length = span.end(phase) - span.begin(phase);
      if (length > 0) {
        json.writeStartObject();
        json.writeStringField("name", phase.label());
        json.writeStringField("cat", span.succeeded() ? "succeeded" : "failed");
        json.writeStringField("ph", "X");
        json.writeNumberField("ts", span.begin(phase) - timeline.beganAt());
        json.writeNumberField("dur", length);
        json.writeNumberField("pid", process);
        json.writeNumberField("tid", row);
        json.writeObjectFieldStart("args");
        json.writeNumberField("index", span.index());
        json.writeNumberField("items", span.items());
        json.writeEndObject();
        json.writeEndObject();
      }
    }
  }

  /** The first row that is free when the span begins. */
  private static int row(List<Long> ends, Span span) {
    for (int i = 0; i < ends.size(); i++) {
      if (ends.get(i) <= span.receivedAt()) {
        ends.set(i, span.end(Phase.RETURN));
        return i;
      }
    }
    ends.add(span.end(Phase.RETURN));
    return ends.size() - 1;
  }

  private void name(String worker) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", "process_name");
    json.writeStringField("ph", "M");
    json.writeNumberField("pid", List.copyOf(rows.keySet()).indexOf(worker));
    json.writeObjectFieldStart("args");
    json.writeStringField("name", worker);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String worker(Span span) {
    return span.worker().isEmpty() ? "no worker" : "worker " + span.worker();
  }
}
