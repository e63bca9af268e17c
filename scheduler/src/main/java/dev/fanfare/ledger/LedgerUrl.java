package dev.fanfare.ledger;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where a ledger is that several nodes share: {@code jdbc:postgresql://host/db?user=…&password=…},
 * with whatever other parameters its driver knows. What this prints never has the password in it.
 */
public final class LedgerUrl {
  private static final String PREFIX = "jdbc:postgresql:";

  private final String place;
  private final Properties properties;

  private LedgerUrl(String place, Properties properties) {
    this.place = place;
    this.properties = properties;
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException saying what is expected, without what was given
   */
  public static LedgerUrl parse(String text) {
    String url = text.strip();
    if (!url.startsWith(PREFIX)) {
      throw unknown();
    }
    int query = url.indexOf('?');
    String place = query < 0 ? url : url.substring(0, query);
    if (!accepted(place)) {
      throw unknown();
    }
    return new LedgerUrl(
        place, query < 0 ? new Properties() : parameters(url.substring(query + 1)));
  }

  /** Host, port and database: as it was given, without its parameters. */
  String place() {
    return place;
  }

  /** The driver's properties; the password is among them. */
  Properties properties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  @Override
  public String toString() {
    return place;
  }

  private static boolean accepted(String place) {
    try {
      return DriverManager.getDriver(place).acceptsURL(place);
    } catch (SQLException e) {
      return false;
    }
  }

  private static Properties parameters(String query) {
    Properties parameters = new Properties();
    for (String parameter : query.split("&", -1)) {
      if (parameter.isEmpty()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      parameters.setProperty(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "a shared ledger is in PostgreSQL: jdbc:postgresql://HOST[:PORT]/DATABASE?user=…&password=…"
            + " (without one, the ledger is a file in the data folder)");
  }
}
