package dev.fanfare.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The items of {@code fanfare map}: a JSON value a line, of a file or standard input, or the
 * numbers of a range.
 *
 * @param total how many there are, −1 where nobody knows
 */
record MapItems(Stream<?> items, long total) {
  private static final Pattern RANGE = Pattern.compile("(-?\\d{1,18})\\.\\.(-?\\d{1,18})");

  /** A line that is no JSON: it fails as an item when it is to be written. */
  private record BadLine(long number, String why) implements JsonSerializable {
    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
      throw new com.fasterxml.jackson.core.JsonGenerationException(
          "line " + number + " is not JSON: " + why, json);
    }

    @Override
    public void serializeWithType(
        JsonGenerator json, SerializerProvider provider, TypeSerializer type) throws IOException {
      serialize(json, provider);
    }
  }

  /** What the flag names: a file, {@code -}, or a range with both its ends. */
  static MapItems of(String text, InputStream standardInput) {
    Matcher range = RANGE.matcher(text);
    if (range.matches()) {
      return range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
    }
    if (text.equals("-")) {
      return new MapItems(lines(standardInput), -1);
    }
    Path file = Path.of(text);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw CommandException.usage(
          "there is no file " + file + " to read: --items takes a file, -, or a range as 1..1000");
    }
    try {
      return new MapItems(lines(Files.newInputStream(file)), count(file));
    } catch (IOException e) {
      throw CommandException.usage("cannot read " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  private static MapItems range(long first, long last) {
    if (last < first) {
      throw CommandException.usage("the range " + first + ".." + last + " has no items");
    }
    return new MapItems(LongStream.rangeClosed(first, last).boxed(), last - first + 1);
  }

  private static Stream<?> lines(InputStream in) {
    var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    var number = new AtomicLong();
    return reader
        .lines()
        .map(line -> new Line(number.incrementAndGet(), line))
        .filter(line -> !line.text().isBlank())
        .map(Line::item);
  }

  private static long count(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> !line.isBlank()).count();
    } catch (IOException | UncheckedIOException e) {
      return -1;
    }
  }

  private record Line(long number, String text) {
    Object item() {
      try {
        return Json.read(text);
      } catch (JsonProcessingException e) {
        return new BadLine(number, e.getOriginalMessage());
      }
    }
  }
}
