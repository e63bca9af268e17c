package dev.fanfare.context;

import dev.fanfare.terminal.CommandException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A platform under a name.
 *
 * @param url of its gateway, {@code http} or {@code https}, without a trailing slash
 * @param key sent with every request; a platform may let some calls through without one
 */
public record Context(String url, Optional<String> key) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  public Context {
    url = checkUrl(url);
  }

  /** The name, if it has a context name's form. */
  public static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw CommandException.usage(
          "'" + name + "' is no context name: use 1 to 63 letters, digits, '.', '_' and '-'");
    }
    return name;
  }

  /** The URL without trailing slashes, if it is one of a gateway. */
  public static String checkUrl(String text) {
    try {
      URI uri = new URI(text.strip());
      String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return uri.toString().replaceAll("/+$", "");
      }
    } catch (URISyntaxException e) {
      // told below, in our own words
    }
    throw CommandException.usage(
        "'" + text + "' is no gateway's URL: write http://127.0.0.1:8080 or https://host");
  }

  /** The key as it may be shown: its id without the secret. */
  public String shownKey() {
    return key.map(Context::withoutSecret).orElse("-");
  }

  /** Never the key: it would end in logs. */
  @Override
  public String toString() {
    return url + " " + shownKey();
  }

  private static String withoutSecret(String key) {
    int end = key.lastIndexOf('_');
    return end > 3 ? key.substring(0, end) + "_***" : "***";
  }
}
