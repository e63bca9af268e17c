package dev.fanfare.json;

import dev.fanfare.protocol.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A request body: inside the lease, or a file under its hash. */
public record BodySource(Payload payload, Path blobs) {

  boolean isEmpty() {
    return payload.size() == 0;
  }

  /** The same bytes, or others, as JSON. */
  BodySource json(byte[] bytes) {
    return new BodySource(new Payload.Inline("application/json", bytes), blobs);
  }

  /** Whether it is plain text, and says so. */
  boolean isText() {
    return is("text/plain");
  }

  /** Whether it is a form, and says so. */
  boolean isForm() throws IOException {
    return is("application/x-www-form-urlencoded") && FormBody.fits(bytes());
  }

  private boolean is(String essence) {
    String type = payload.contentType();
    int end = essence.length();
    return type.regionMatches(true, 0, essence, 0, end)
        && (type.length() == end || type.charAt(end) == ';' || type.charAt(end) == ' ');
  }

  /** Whether the media type is JSON's, or says nothing. */
  public boolean isJson() {
    String type = payload.contentType();
    int end = type.indexOf(';');
    String essence = (end < 0 ? type : type.substring(0, end)).strip();
    return essence.isEmpty() || essence.endsWith("/json") || essence.endsWith("+json");
  }

  /** All of it. */
  public byte[] bytes() throws IOException {
    return switch (payload) {
      case Payload.Inline inline -> inline.bytes();
      case Payload.Blob blob -> Files.readAllBytes(file(blob));
    };
  }

  /** All of it, as it is read. */
  public InputStream stream() throws IOException {
    return switch (payload) {
      case Payload.Inline inline -> new ByteArrayInputStream(inline.bytes());
      case Payload.Blob blob -> Files.newInputStream(file(blob));
    };
  }

  private Path file(Payload.Blob blob) {
    return blobs.resolve(blob.hash().hex());
  }
}
