package dev.fanfare.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The body of a request with its media type, guessed where nothing tells it. */
record Body(String contentType, BodyPublisher publisher) {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES = "application/octet-stream";

  /** How much of a stream is looked at to guess its type; one that ends sooner is known whole. */
  private static final int LOOKED_AT = 64 * 1024;

  static Body none() {
    return new Body(JSON, BodyPublishers.noBody());
  }

  static Body json(String json) {
    return new Body(JSON, BodyPublishers.ofString(json));
  }

  /** A text from the command line: JSON if it is, or tries to be; else plain text. */
  static Body text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean json = isJson(bytes) || triesToBeJson(bytes);
    return new Body(json ? JSON : TEXT, BodyPublishers.ofByteArray(bytes));
  }

  /** A file, streamed; its name tells the type. */
  static Body file(Path file) {
    try {
      return new Body(typeOf(file), BodyPublishers.ofFile(file));
    } catch (FileNotFoundException e) {
      String why =
          Files.isDirectory(file)
              ? file + " is a folder"
              : Files.exists(file) ? "may not read " + file : "there is no file " + file;
      throw CommandException.usage(why).causedBy(e);
    }
  }

  /** A stream, sent on as it comes in. */
  static Body stream(InputStream stream) {
    var buffered = new BufferedInputStream(stream, LOOKED_AT);
    byte[] start = peek(buffered);
    if (start.length < LOOKED_AT) {
      return new Body(guess(start, true), BodyPublishers.ofByteArray(start));
    }
    return new Body(guess(start, false), BodyPublishers.ofInputStream(() -> buffered));
  }

  /** The same under another media type. */
  Body as(Optional<String> given) {
    return given.map(type -> new Body(type, publisher)).orElse(this);
  }

  private static byte[] peek(BufferedInputStream stream) {
    try {
      stream.mark(LOOKED_AT);
      byte[] start = stream.readNBytes(LOOKED_AT);
      stream.reset();
      return start;
    } catch (IOException e) {
      throw CommandException.usage("cannot read standard input: " + e.getMessage()).causedBy(e);
    }
  }

  private static String guess(byte[] start, boolean whole) {
    if (start.length == 0) {
      return JSON;
    }
    if (whole ? isJson(start) || triesToBeJson(start) : triesToBeJson(start)) {
      return JSON;
    }
    return isText(start, whole) ? TEXT : BYTES;
  }

  private static boolean isJson(byte[] bytes) {
    try {
      return !Json.read(bytes).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean triesToBeJson(byte[] bytes) {
    for (byte b : bytes) {
      if (b > ' ') {
        return b == '{' || b == '[';
      }
    }
    return false;
  }

  private static boolean isText(byte[] start, boolean whole) {
    // The last character of a part may be cut.
    byte[] looked = whole ? start : Arrays.copyOf(start, start.length - 4);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(looked))
          .chars()
          .noneMatch(c -> c == 0);
    } catch (CharacterCodingException e) {
      return !whole && isText(Arrays.copyOf(looked, looked.length - 1), true);
    }
  }

  private static String typeOf(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    if (name.endsWith(".json")) {
      return JSON;
    }
    if (name.endsWith(".txt") || name.endsWith(".md") || name.endsWith(".csv")) {
      return TEXT;
    }
    String guessed = URLConnection.guessContentTypeFromName(name);
    return guessed == null ? BYTES : guessed;
  }
}
