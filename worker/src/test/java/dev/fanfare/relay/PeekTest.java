package dev.fanfare.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class PeekTest {
  private static final Sha256 HASH = Sha256.of(new byte[] {1});

  @Test
  void kindsAreToldAsTheCodecWritesThem() {
    assertThat(kind(new Frame.Fetch(HASH, 0, 10))).isEqualTo("fetch");
    assertThat(kind(new Frame.Chunk(HASH, 0, 1, new byte[] {1}))).isEqualTo("chunk");
    assertThat(kind(new Frame.Missing(HASH))).isEqualTo("missing");
    assertThat(kind(new Frame.Drain())).isEqualTo("drain");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xa2, 0xb7})
  void mapsOfKnownLengthAreToldToo(int header) {
    byte[] frame = {(byte) header, 0x61, 't', 0x65, 'f', 'e', 't', 'c', 'h', 0};

    assertThat(Peek.kind(Buffer.buffer(frame))).isEqualTo("fetch");
  }

  @Test
  void whatIsNoFrameHasNoKind() {
    assertThat(Peek.kind(Buffer.buffer())).isEmpty();
    assertThat(Peek.kind(Buffer.buffer("{\"t\":\"fetch\"}"))).isEmpty();
    assertThat(Peek.kind(Buffer.buffer(new byte[] {(byte) 0xbf, 0x61, 't', 0x65, 'f'}))).isEmpty();
    assertThat(Peek.kind(Buffer.buffer(new byte[] {(byte) 0xbf, 0x61, 't', 0x7f, 'f'}))).isEmpty();
  }

  private static String kind(Frame frame) {
    return Peek.kind(Buffer.buffer(FrameCodec.cbor(frame)));
  }
}
