package dev.fanfare.cluster;

import static dev.fanfare.protocol.TenantId.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is deployed and who has keys is the same on all nodes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SharedDirectoryTest {
  private static final FunctionName RESIZE = new FunctionName("resize");

  @TempDir private Path data;
  private SchedulerNode first;
  private SchedulerNode second;

  @BeforeEach
  void start() {
    first = Nodes.first(data.resolve("1"), "directory");
    second = Nodes.another(data.resolve("2"), "directory", first);
  }

  @AfterEach
  void close() {
    second.close();
    first.close();
  }

  @Test
  void whatOneDeploysTheOtherHasAtOnce() {
    RevisionId one = deploy(first, 1);
    assertThat(live(second)).contains(one);
    assertThat(second.registry().manifest(one)).contains(manifest(1));
    assertThat(second.blobs().has(one.hash())).isTrue();
  }

  @Test
  void aliasesMoveEverywhereAtOnce() {
    RevisionId one = deploy(first, 1);
    RevisionId two = deploy(second, 2);
    assertThat(live(first)).contains(two);
    second.registry().alias(DEFAULT, RESIZE, "stable", one);
    assertThat(resolve(first, "resize:stable")).contains(one);
    first.registry().rollback(DEFAULT, RESIZE);
    assertThat(live(second)).contains(one);
    second.registry().removeAlias(DEFAULT, RESIZE, "stable");
    assertThat(resolve(first, "resize:stable")).isEmpty();
    first.registry().delete(DEFAULT, RESIZE);
    assertThat(live(second)).isEmpty();
  }

  @Test
  void aKeyOfOneOpensTheOtherUntilEitherRevokesIt() {
    var key = first.keys().issue(DEFAULT, Scope.ADMIN, "shared", Optional.empty());
    assertThat(second.keys().authenticate(key.text())).isPresent();
    second.keys().revoke(DEFAULT, key.id());
    assertThat(first.keys().authenticate(key.text())).isEmpty();
  }

  @Test
  void aNodeThatComesLaterHasEverythingWhenItIsThere() {
    RevisionId one = deploy(first, 1);
    var key = second.keys().issue(DEFAULT, Scope.INVOKER, "early", Optional.empty());
    try (SchedulerNode third = Nodes.another(data.resolve("3"), "directory", first)) {
      assertThat(live(third)).contains(one);
      assertThat(third.keys().authenticate(key.text())).isPresent();
    }
  }

  @Test
  void aNodeThatWasAwayGetsWhatItMissedAndBringsWhatOnlyItHad() {
    var revoked = first.keys().issue(DEFAULT, Scope.ADMIN, "revoked", Optional.empty());
    second.close();
    RevisionId one = deploy(first, 1);
    first.keys().revoke(DEFAULT, revoked.id());
    String missed;
    try (SchedulerNode lonely = Nodes.first(data.resolve("2"), "elsewhere")) {
      missed = lonely.keys().issue(DEFAULT, Scope.ADMIN, "lonely", Optional.empty()).text();
      assertThat(lonely.keys().authenticate(revoked.text())).isPresent();
    }
    second = Nodes.another(data.resolve("2"), "directory", first);
    assertThat(live(second)).contains(one);
    assertThat(second.keys().authenticate(revoked.text())).isEmpty();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(first.keys().authenticate(missed)).isPresent());
  }

  @Test
  void aFullRestartFindsAll() {
    RevisionId one = deploy(second, 1);
    var key = second.keys().issue(DEFAULT, Scope.ADMIN, "kept", Optional.empty());
    second.close();
    first.close();
    first = Nodes.first(data.resolve("1"), "directory");
    assertThat(live(first)).contains(one);
    assertThat(first.keys().authenticate(key.text())).isPresent();
  }

  @Test
  void bothEndWithTheSameWhenBothDeployAtOnce() {
    List<CompletableFuture<Void>> deploys =
        IntStream.range(0, 40)
            .mapToObj(i -> CompletableFuture.runAsync(() -> deploy(i % 2 == 0 ? first : second, i)))
            .toList();
    deploys.forEach(CompletableFuture::join);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(live(first)).isPresent().isEqualTo(live(second));
              assertThat(first.registry().function(DEFAULT, RESIZE).orElseThrow().revisions())
                  .hasSize(40)
                  .isEqualTo(second.registry().function(DEFAULT, RESIZE).orElseThrow().revisions());
            });
  }

  private static RevisionId deploy(SchedulerNode node, int content) {
    return node.registry().deploy(DEFAULT, manifest(content)).revision();
  }

  private static Optional<RevisionId> live(SchedulerNode node) {
    return resolve(node, "resize");
  }

  private static Optional<RevisionId> resolve(SchedulerNode node, String reference) {
    return node.registry()
        .resolve(DEFAULT, FunctionReference.parse(reference))
        .map(Target::revision);
  }

  private static RevisionManifest manifest(int content) {
    return new RevisionManifest(
        Sha256.of(new byte[] {(byte) content}),
        1_000,
        25,
        List.of(
            new FunctionSpec(
                RESIZE,
                "com.example.Images",
                "run",
                "()V",
                List.of(),
                FunctionSpec.ResultKind.NOTHING,
                Policy.DEFAULT,
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode())));
  }
}
