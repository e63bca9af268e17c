package dev.fanfare.examples;

import dev.fanfare.function.Fn;
import dev.fanfare.function.Reject;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Makes small images of large ones, PNG, JPEG, GIF or BMP; in memory alone, without files. */
public class Thumbnails {
  static final int DEFAULT_WIDTH = 128;
  static final int WIDEST = 2_048;
  static final long MOST_PIXELS = 20_000_000;

  /** An image, base64 in JSON, and how wide it is to be. */
  public record Resize(byte[] image, int width) {}

  /** The smaller image as PNG, base64 in JSON. */
  public record Resized(byte[] png, int width, int height) {}

  /** A PNG at most 128 pixels wide: the image's bytes in, the thumbnail's bytes out. */
  @Fn(timeout = "30s")
  public byte[] thumbnail(byte[] image) throws IOException {
    return png(scaled(read(image), DEFAULT_WIDTH));
  }

  /** The same over JSON, with a width of one's own. */
  @Fn(timeout = "30s")
  public Resized resize(Resize request) throws IOException {
    if (request.width() < 1 || request.width() > WIDEST) {
      throw new Reject(422, "width is 1 to " + WIDEST + ", not " + request.width());
    }
    BufferedImage small = scaled(read(request.image()), request.width());
    return new Resized(png(small), small.getWidth(), small.getHeight());
  }

  /** Decodes an image after a look at its size, so that a small file cannot fill the heap. */
  private static BufferedImage read(byte[] bytes) throws IOException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new Reject(415, "the body is no PNG, JPEG, GIF or BMP image");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw new Reject(413, "the image has " + pixels + " pixels; at most " + MOST_PIXELS);
        }
        return reader.read(0);
      } catch (IOException | IndexOutOfBoundsException e) {
        throw new Reject(422, "the image is damaged: " + e.getMessage());
      } finally {
        reader.dispose();
      }
    }
  }

  /** Halves until one smooth step is left: bilinear scaling looks at four pixels only. */
  private static BufferedImage scaled(BufferedImage image, int width) {
    BufferedImage current = image;
    int target = Math.min(width, image.getWidth());
    while (current.getWidth() / 2 > target) {
      current = drawn(current, current.getWidth() / 2);
    }
    return drawn(current, target);
  }

  private static BufferedImage drawn(BufferedImage image, int width) {
    int height = Math.max(1, Math.round((float) image.getHeight() * width / image.getWidth()));
    var result = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = result.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return result;
  }

  private static byte[] png(BufferedImage image) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var png = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(image, "png", png);
    }
    return out.toByteArray();
  }
}
