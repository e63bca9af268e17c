package dev.fanfare.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SourceScanTest {
  @TempDir Path folder;

  @Test
  void aMainThatTakesAChannelIsOpened() throws Exception {
    assertThat(opened("void main(Channel<String, String> c) {}")).isTrue();
    assertThat(
            opened(
                """
                public class Chat {
                  static class Inner { void main() {} }
                  public static void main(
                      String[] args, dev.fanfare.function.Channel<List<Row>, byte[]> c)
                      throws Exception {
                  }
                }
                """))
        .isTrue();
  }

  @Test
  void aChannelThatNoMainTakesIsNone() throws Exception {
    assertThat(opened("void main() {}")).isFalse();
    assertThat(opened("void main(String[] a) { Channel<String, String> c; }")).isFalse();
    assertThat(opened("void talk(Channel<A, B> c) {} void main() {}")).isFalse();
    assertThat(opened("// void main(Channel<A, B> c) {\nvoid main() {}")).isFalse();
    assertThat(opened("/* void main(Channel<A, B> c) { */ void main() {}")).isFalse();
    assertThat(
            opened(
                """
                void main() {
                  var text = "\\" void main(Channel<A, B> c) {";
                  char quote = '"';
                  var block = \"""
                      "void main(Channel<A, B> c) {
                      \""";
                }
                """))
        .isFalse();
  }

  @Test
  void whatIsNoTextIsRefused() throws Exception {
    Path file = Files.write(folder.resolve("source"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(
            () -> SourceScan.scan(file, Sha256.of(new byte[0]), "A.java", SourceScan.UNNAMED))
        .isInstanceOf(Undeployable.class)
        .hasMessageContaining("UTF-8");
  }

  private boolean opened(String source) throws Exception {
    byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("source"), bytes);
    var manifest = SourceScan.scan(file, Sha256.of(bytes), "Chat.java", SourceScan.UNNAMED);
    FunctionSpec spec = manifest.functions().getFirst();
    return spec.channel();
  }
}
