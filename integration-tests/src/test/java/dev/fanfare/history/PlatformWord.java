package dev.fanfare.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Asks the nodes of a platform what they have to say at last. */
public final class PlatformWord implements AutoCloseable {
  /** What counts invocations that have not ended, or are not written down. */
  private static final List<String> TO_BE_NONE =
      List.of(
          "fanfare_invocations_scheduled",
          "fanfare_invocations_queued",
          "fanfare_invocations_running",
          "fanfare_ledger_backlog");

  /** The same of accepted ones, of a node that has a ledger of its own. */
  private static final List<String> OWN = List.of("fanfare_accepted", "fanfare_backlog");

  /** The same of nodes that share one. */
  private static final String SHARED = "fanfare_cluster_accepted";

  private static final List<String> UNENDED = List.of("SCHEDULED", "QUEUED", "RUNNING");

  private final List<URI> nodes;
  private final String key;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Those that had ended when they were asked for; what clients read meanwhile is in H3. */
  private final Map<String, FinalState> ended = new HashMap<>();

  /**
   * Asks these nodes, each for its figures and all in turn for invocations.
   *
   * @param key an API key
   */
  public PlatformWord(List<URI> nodes, String key) {
    this.nodes = List.copyOf(nodes);
    this.key = key;
  }

  /** Waits until nothing is left, at most so long, then takes all evidence. */
  public Evidence evidence(History history, RecordingFunction function, Duration quiet) {
    try {
      Awaitility.await("nothing left")
          .atMost(quiet)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .until(() -> isEmpty(standing()));
    } catch (ConditionTimeoutException e) {
      // the checker says what is left, and whose
    }
    List<Event> events = history.events();
    List<Execution> executions = function.executions();
    Standing standing = standing();
    Set<String> ids = new TreeSet<>(standing.unended());
    events.stream().map(Event::id).filter(id -> !id.isEmpty()).forEach(ids::add);
    executions.forEach(execution -> ids.add(execution.id()));
    ids.addAll(listed(""));
    return new Evidence(events, executions, states(ids), standing);
  }

  /** What is left now. */
  public Standing standing() {
    Map<String, Double> figures = new HashMap<>();
    for (URI node : nodes) {
      List<String> lines = get(node, "/metrics").body().lines().toList();
      boolean shared = lines.stream().anyMatch(line -> line.startsWith(SHARED));
      Stream.concat(TO_BE_NONE.stream(), shared ? Stream.of(SHARED) : OWN.stream())
          .forEach(name -> figures.put(name + " of " + node, sum(lines, name)));
    }
    List<String> unended = new ArrayList<>();
    UNENDED.forEach(state -> unended.addAll(listed("&state=" + state)));
    return new Standing(figures, unended);
  }

  private static boolean isEmpty(Standing standing) {
    return standing.unended().isEmpty()
        && standing.figures().values().stream().allMatch(value -> value == 0);
  }

  private static double sum(List<String> lines, String name) {
    List<String> values =
        lines.stream()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList();
    if (values.isEmpty()) {
      throw new AssertionError("no metric " + name + " among:\n" + String.join("\n", lines));
    }
    return values.stream().mapToDouble(Double::parseDouble).sum();
  }

  private List<String> listed(String filter) {
    String path = "/invocations?limit=1000&function=" + RecordingFunction.NAME + filter;
    JsonNode list = Told.json(get(nodes.getFirst(), path).body());
    return list.get("invocations").valueStream().map(one -> one.get("id").asText()).toList();
  }

  private List<FinalState> states(Collection<String> ids) {
    List<FinalState> states = new ArrayList<>();
    for (String id : ids) {
      FinalState state = ended.containsKey(id) ? ended.get(id) : state(id);
      if (state.ended()) {
        ended.put(id, state);
      }
      states.add(state);
    }
    return states;
  }

  /** The platform's word on one. */
  public FinalState state(String id) {
    URI node = nodes.get(Math.floorMod(id.hashCode(), nodes.size()));
    HttpResponse<String> found = get(node, "/invocations/" + id);
    if (found.statusCode() == 404) {
      return FinalState.missing(id);
    }
    JsonNode document = Told.json(found.body());
    boolean ended = document.hasNonNull("endedAt");
    Told told = ended ? Told.of(get(node, "/invocations/" + id + "/result")) : Told.NOTHING;
    return new FinalState(
        id,
        document.path("callId").asText(),
        document.get("state").asText(),
        document.get("attempts").asInt(),
        document.get("fence").asLong(),
        told.outcome(),
        told.fence(),
        ended ? micros(document.get("endedAt").asText()) : 0);
  }

  private static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  private HttpResponse<String> get(URI node, String path) {
    var request =
        HttpRequest.newBuilder(node.resolve(path))
            .header("Authorization", "Bearer " + key)
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
