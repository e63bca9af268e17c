package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.blob.BlobWriter;
import dev.fanfare.protocol.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A blob is at two of three nodes once it is kept, and found from all. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SharedBlobsTest {
  private static final int SEVERAL_PIECES = 3_500_000;

  @TempDir private Path data;
  private SchedulerNode first;
  private SchedulerNode second;
  private SchedulerNode third;

  @BeforeEach
  void start() {
    first = Nodes.first(data.resolve("1"), "blobs");
    second = Nodes.another(data.resolve("2"), "blobs", first);
    third = Nodes.another(data.resolve("3"), "blobs", first);
    await().atMost(Duration.ofSeconds(10)).until(() -> first.neighbours().keepers().size() == 2);
  }

  @AfterEach
  void close() {
    third.close();
    second.close();
    first.close();
  }

  @Test
  void aBlobIsAtTwoNodesWhenItIsKept() {
    Sha256 hash = first.blobs().put(bytes(1_000, 1));
    assertThat(Stream.of(first, second, third).filter(node -> node.blobs().has(hash))).hasSize(2);
  }

  @Test
  void anyNodeReadsIt() {
    byte[] content = bytes(SEVERAL_PIECES, 2);
    Sha256 hash = write(second, content);
    for (SchedulerNode node : new SchedulerNode[] {first, second, third}) {
      assertThat(node.blobs().read(hash, 0, SEVERAL_PIECES)).isEqualTo(content);
    }
  }

  @Test
  void itIsFoundAfterTheNodeThatTookItDied() {
    byte[] content = bytes(SEVERAL_PIECES, 3);
    Sha256 hash = write(first, content);
    first.hazelcast().getLifecycleService().terminate();
    await().atMost(Duration.ofSeconds(20)).until(() -> second.neighbours().others().size() == 1);
    assertThat(second.blobs().read(hash, 0, SEVERAL_PIECES)).isEqualTo(content);
    assertThat(third.blobs().read(hash, 0, SEVERAL_PIECES)).isEqualTo(content);
  }

  @Test
  void oneThatNobodyHasIsNotFound() {
    assertThat(first.blobs().obtain(Sha256.of(bytes(10, 4)))).isFalse();
  }

  private static Sha256 write(SchedulerNode node, byte[] content) {
    try (BlobWriter writer = node.blobs().write()) {
      writer.write(content, 0, content.length);
      return writer.commit();
    }
  }

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
