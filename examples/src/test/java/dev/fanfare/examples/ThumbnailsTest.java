package dev.fanfare.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.function.Reject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailsTest {
  private final Thumbnails thumbnails = new Thumbnails();

  @Test
  void aLargeImageBecomesSmallAndKeepsItsShapeAndColours() throws IOException {
    BufferedImage small = read(thumbnails.thumbnail(halves(1000, 500, "png")));
    assertThat(small.getWidth()).isEqualTo(128);
    assertThat(small.getHeight()).isEqualTo(64);
    assertThat(small.getRGB(10, 32)).isEqualTo(0xFFFF0000);
    assertThat(small.getRGB(117, 32)).isEqualTo(0xFF0000FF);
  }

  @Test
  void aSmallImageIsNotMadeLarger() throws IOException {
    assertThat(read(thumbnails.thumbnail(halves(20, 10, "jpg"))).getWidth()).isEqualTo(20);
  }

  @Test
  void theWidthCanBeChosenInJson() throws IOException {
    var resized = thumbnails.resize(new Thumbnails.Resize(halves(300, 900, "png"), 50));
    assertThat(resized.width()).isEqualTo(50);
    assertThat(resized.height()).isEqualTo(150);
    assertThat(read(resized.png()).getHeight()).isEqualTo(150);
  }

  @Test
  void whatIsNoImageIsRejected() throws IOException {
    byte[] image = halves(100, 100, "png");
    assertRejected(415, new byte[0], 10);
    assertRejected(415, "hello".getBytes(UTF_8), 10);
    assertRejected(422, Arrays.copyOf(image, 40), 10);
    assertRejected(422, image, 0);
    assertRejected(422, image, 100_000);
  }

  @Test
  void anImageThatSaysItIsHugeIsRejectedBeforeItIsRead() throws IOException {
    byte[] image = halves(10, 10, "png");
    ByteBuffer.wrap(image).putInt(16, 20_000).putInt(20, 20_000);
    assertRejected(413, image, 10);
  }

  private void assertRejected(int status, byte[] image, int width) {
    assertThatThrownBy(() -> thumbnails.resize(new Thumbnails.Resize(image, width)))
        .isInstanceOfSatisfying(
            Reject.class, reject -> assertThat(reject.status()).isEqualTo(status));
  }

  /** Red on the left, blue on the right. */
  private static byte[] halves(int width, int height, String format) throws IOException {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        image.setRGB(x, y, x < width / 2 ? 0xFF0000 : 0x0000FF);
      }
    }
    var out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
