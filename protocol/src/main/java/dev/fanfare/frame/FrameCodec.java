package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Turns frames into bytes and back: CBOR (RFC 8949) between our own programs, the same maps as JSON
 * for reading and for other languages. The field {@code t} names the kind. Fields that are not
 * known are skipped. Half a character, as where a text was cut, is replaced in CBOR. Thread-safe.
 *
 * <p>Reading never allocates more than a small multiple of the bytes given. How many bytes a frame
 * may have is for the transport to say.
 */
public final class FrameCodec {
  /** The media type that is left out on the wire. */
  static final String DEFAULT_CONTENT_TYPE = "application/json";

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxNestingDepth(32).maxNameLength(256).build();

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(LIMITS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .build();

  private static final CBORFactory CBOR =
      CBORFactory.builder()
          .streamReadConstraints(LIMITS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
          .build();

  private FrameCodec() {}

  /** The frame in CBOR. */
  public static byte[] cbor(Frame frame) {
    return write(CBOR, true, frame);
  }

  /** The frame in JSON, UTF-8, on one line. */
  public static byte[] json(Frame frame) {
    return write(JSON, false, frame);
  }

  /**
   * Reads one frame in CBOR, which is to fill the given range.
   *
   * @throws MalformedFrame if the bytes are no frame
   */
  public static Frame readCbor(byte[] bytes, int offset, int length) {
    return read(CBOR, bytes, offset, length);
  }

  /**
   * Reads one frame in JSON, which is to fill the array.
   *
   * @throws MalformedFrame if the bytes are no frame
   */
  public static Frame readJson(byte[] bytes) {
    return read(JSON, bytes, 0, bytes.length);
  }

  private static byte[] write(JsonFactory factory, boolean binary, Frame frame) {
    try (var bytes = new ByteArrayBuilder(256)) {
      try (JsonGenerator generator = factory.createGenerator(bytes)) {
        new FrameWriter(generator, binary).write(frame);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("a frame cannot be written to memory", e);
    }
  }

  private static Frame read(JsonFactory factory, byte[] bytes, int offset, int length) {
    try (JsonParser parser = factory.createParser(bytes, offset, length)) {
      var reader = new FrameReader(parser);
      String kind = reader.kindIfFirst();
      if (kind == null) {
        kind = kindSomewhere(factory, bytes, offset, length);
      }
      Frame frame = reader.read(kind);
      if (parser.nextToken() != null) {
        throw MalformedFrame.because("bytes follow the frame '" + kind + "'");
      }
      return frame;
    } catch (MalformedFrame e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // A parser that trips over strange bytes says the same as one that refuses them.
      throw MalformedFrame.unreadable(e);
    }
  }

  private static String kindSomewhere(JsonFactory factory, byte[] bytes, int offset, int length)
      throws IOException {
    try (JsonParser parser = factory.createParser(bytes, offset, length)) {
      return new FrameReader(parser).findKind();
    }
  }
}
