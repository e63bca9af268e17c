package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the platform which workers are connected. Thread-safe; blocks. */
final class Roster {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;
  private final WorkerChoice choice;
  private final String query;

  /**
   * A connected worker that is meant.
   *
   * @param cannotRun why it cannot run what is asked for, null if it can
   */
  record Present(String name, boolean draining, @Nullable String cannotRun) {}

  /** The workers that are meant. */
  Roster(Connection connection, WorkerChoice choice) {
    this(connection, choice, choice.query());
  }

  private Roster(Connection connection, WorkerChoice choice, String query) {
    this.connection = connection;
    this.choice = choice;
    this.query = query.replaceFirst("^&", "?");
  }

  /** The same; of each is told whether it could run a call of the function with these options. */
  static Roster forCalls(
      Connection connection, WorkerChoice choice, String function, CallOptions options) {
    var query = new StringBuilder(choice.query()).append("&function=").append(encoded(function));
    options.constraints().forEach(one -> query.append("&constraint=").append(encoded(one)));
    return new Roster(connection, choice, query.toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Those that are connected now, by name.
   *
   * @throws Refused if the platform does not tell: a bad key, a label that is none, no such
   *     function
   */
  List<Present> look() {
    var answer = connection.send(connection.request("/v1/workers" + query).GET().build());
    JsonNode workers = json(Answers.plain(answer).body()).path("workers");
    var present = new ArrayList<Present>();
    for (JsonNode worker : workers) {
      String name = worker.path("id").asText();
      if (choice.means(name)) {
        String cannot = worker.path("cannotRun").asText("");
        present.add(
            new Present(
                name, worker.path("draining").asBoolean(), cannot.isEmpty() ? null : cannot));
      }
    }
    return present;
  }

  /** Whether the worker is connected now; not if the platform does not answer. */
  boolean has(String name) {
    try {
      return look().stream().anyMatch(worker -> worker.name().equals(name));
    } catch (Unreachable | Refused e) {
      return false;
    }
  }

  /**
   * The names of those that are connected now; each name of the choice must be among them.
   *
   * @throws Refused if one is not, or there is none at all
   */
  List<String> members() {
    List<String> found = look().stream().map(Present::name).toList();
    for (String name : choice.names()) {
      if (!found.contains(name)) {
        throw missing(
            "no worker called '" + name + "'" + suffix() + " is connected; " + connected());
      }
    }
    if (found.isEmpty()) {
      throw missing("no worker" + suffix() + " is connected; " + connected());
    }
    return found;
  }

  private String suffix() {
    return choice.labels().isEmpty() ? "" : " with " + String.join(", ", choice.labels());
  }

  private String connected() {
    List<String> all =
        new Roster(connection, WorkerChoice.all())
            .look().stream().map(Present::name).sorted().toList();
    return all.isEmpty() ? "there is none at all" : "there are " + String.join(", ", all);
  }

  private static Refused missing(String words) {
    return new Refused(404, "no-such-worker", words, null);
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new BadAnswer("the answer is no JSON: is this a Fanfare platform?", e);
    }
  }
}
