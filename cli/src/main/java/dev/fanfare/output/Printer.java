package dev.fanfare.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import java.util.function.Consumer;

/** Writes a command's data to standard output in the wanted format. */
public final class Printer {
  private final Shell shell;
  private final OutputFormat format;

  public Printer(Shell shell, OutputFormat format) {
    this.shell = shell;
    this.format = format;
  }

  /** A list: a table for people, one array, or an object a line. */
  public void list(JsonNode items, Table table, Consumer<JsonNode> asRow) {
    switch (format) {
      case TABLE -> {
        items.forEach(asRow);
        table(table);
      }
      case JSON -> shell.out().println(Json.pretty(items));
      case NDJSON -> items.forEach(item -> shell.out().println(Json.compact(item)));
    }
  }

  /** One object, or what {@code forPeople} prints of it. */
  public void one(JsonNode object, Runnable forPeople) {
    switch (format) {
      case TABLE -> forPeople.run();
      case JSON -> shell.out().println(Json.pretty(object));
      case NDJSON -> shell.out().println(Json.compact(object));
    }
  }

  /** Writes a table. */
  public void table(Table table) {
    table.print(shell.out(), shell.style(Stream.OUT));
  }

  /** Whether people read it. */
  public boolean forPeople() {
    return format == OutputFormat.TABLE;
  }
}
