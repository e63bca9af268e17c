package dev.fanfare.context;

import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Nearest;
import dev.fanfare.terminal.Shell;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The platform a command talks to, and where that was decided.
 *
 * @param gateways URLs of its gateways, at least one, the first asked first
 * @param source for messages: {@code context 'local'} or {@code --url}
 * @param keySource the same of the key
 */
public record Endpoint(
    List<String> gateways, Optional<String> key, String source, String keySource) {
  private static final String KEY_SOURCE = "--key or FANFARE_KEY";
  private static final String FIRST_STEP =
      "start a platform with: fanfare up, or name one: fanfare context add NAME --url URL";

  public Endpoint {
    gateways = List.copyOf(gateways);
  }

  /** A platform with one gateway. */
  public Endpoint(String url, Optional<String> key, String source) {
    this(List.of(url), key, source, source);
  }

  /** The gateway that is asked first. */
  public String url() {
    return gateways.getFirst();
  }

  /**
   * Decides by flags and environment first, then by the context file.
   *
   * @param url given outside the context file, if any, perhaps several with commas between; their
   *     key is taken from a context with one of them
   * @param name of the context to use instead of the current one
   */
  public static Endpoint choose(
      Shell shell, Optional<String> url, Optional<String> key, Optional<String> name) {
    ContextFile file = ContextFile.in(shell.configurationFolder());
    if (url.isPresent()) {
      List<String> checked = Stream.of(url.get().split(",", -1)).map(Context::checkUrl).toList();
      String source = "--url or FANFARE_URL";
      return key.isPresent()
          ? new Endpoint(checked, key, source, KEY_SOURCE)
          : new Endpoint(checked, keyFor(file.load(), checked), source, "the context of this URL");
    }
    Contexts contexts = file.load();
    String chosen =
        name.or(contexts::current)
            .orElseThrow(
                () ->
                    CommandException.usage("no platform is chosen: there is no context yet")
                        .advise(FIRST_STEP));
    Context context = contexts.find(chosen).orElseThrow(() -> unknown(chosen, contexts));
    String source = "context '" + chosen + "'";
    return key.isPresent()
        ? new Endpoint(List.of(context.url()), key, source, KEY_SOURCE)
        : new Endpoint(context.url(), context.key(), source);
  }

  /** Never the key. */
  @Override
  public String toString() {
    return String.join(", ", gateways) + " (" + source + ")";
  }

  /** There is no context of that name. */
  public static CommandException unknown(String name, Contexts contexts) {
    String known =
        contexts.contexts().isEmpty()
            ? "there are none yet"
            : "there are " + String.join(", ", contexts.contexts().keySet());
    return CommandException.notFound(
        "no context '"
            + name
            + "'"
            + Nearest.suggestion(name, contexts.contexts().keySet())
            + ": "
            + known);
  }

  private static Optional<String> keyFor(Contexts contexts, List<String> urls) {
    return contexts.contexts().entrySet().stream()
        .map(Map.Entry::getValue)
        .filter(context -> urls.contains(context.url()))
        .findFirst()
        .flatMap(Context::key);
  }
}
