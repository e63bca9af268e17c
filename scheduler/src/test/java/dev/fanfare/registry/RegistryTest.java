package dev.fanfare.registry;

import static dev.fanfare.protocol.TenantId.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fanfare.blob.Blobs;
import dev.fanfare.directory.Directory;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.LedgerPlace;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(LedgerPlace.class)
class RegistryTest {
  private static final FunctionName RESIZE = new FunctionName("resize");
  private static final FunctionName COUNT = new FunctionName("count");
  private static final TenantId OTHER = new TenantId("other");
  private static final RevisionManifest ONE = manifest(1, "resize");
  private static final RevisionManifest TWO = manifest(2, "resize", "count");
  private static final RevisionManifest THREE = manifest(3, "resize");

  private final Instant later = Instant.now().plus(Duration.ofDays(1));

  @Parameter private LedgerPlace place;
  @TempDir private Path data;
  private DataFolder folder;
  private Ledger ledger;
  private Blobs blobs;
  private Registry registry;

  @BeforeEach
  void open() {
    folder = DataFolder.open(data);
    ledger = place.open(folder, Retention.DEFAULT, Clock.systemUTC());
    blobs = Blobs.open(data.resolve("blobs"), Clock.systemUTC());
    registry = load();
  }

  @AfterEach
  void close() {
    ledger.close();
    folder.close();
  }

  @Test
  void aDeployedFunctionIsLive() {
    Deployment deployment = registry.deploy(DEFAULT, ONE);
    assertThat(deployment)
        .isEqualTo(new Deployment(Manifests.id(ONE), true, List.of(RESIZE), Map.of()));
    assertThat(resolve("resize"))
        .contains(new Target(DEFAULT, RESIZE, Manifests.id(ONE), Policy.DEFAULT));
    assertThat(registry.manifest(Manifests.id(ONE))).contains(ONE);
    assertThat(blobs.path(Manifests.id(ONE).hash())).hasBinaryContent(Manifests.write(ONE));
    assertThat(registry.needs(ONE.artifact())).isTrue();
    assertThat(registry.needs(Manifests.id(ONE).hash())).isTrue();
    assertThat(registry.needs(TWO.artifact())).isFalse();
  }

  @Test
  void theSameContentAgainChangesNothing() {
    registry.deploy(DEFAULT, ONE);
    FunctionView before = registry.function(DEFAULT, RESIZE).orElseThrow();
    Deployment again = registry.deploy(DEFAULT, ONE);
    assertThat(again)
        .isEqualTo(new Deployment(Manifests.id(ONE), false, List.of(RESIZE), Map.of()));
    assertThat(registry.function(DEFAULT, RESIZE)).contains(before);
  }

  @Test
  void aRedeploymentMovesLiveAndTellsWhatItReplaced() {
    registry.deploy(DEFAULT, ONE);
    Deployment second = registry.deploy(DEFAULT, TWO);
    assertThat(second.functions()).containsExactly(COUNT, RESIZE);
    assertThat(second.replaced()).isEqualTo(Map.of(RESIZE, Manifests.id(ONE)));
    assertThat(live(RESIZE)).isEqualTo(Manifests.id(TWO));
    FunctionView view = registry.function(DEFAULT, RESIZE).orElseThrow();
    assertThat(view.revisions())
        .extracting(FunctionView.Revision::id)
        .containsExactlyInAnyOrder(Manifests.id(TWO), Manifests.id(ONE));
    assertThat(view.aliases()).isEqualTo(Map.of("live", Manifests.id(TWO)));
  }

  @Test
  void deployingAnOldRevisionAgainMakesItLiveAgain() {
    registry.deploy(DEFAULT, ONE);
    registry.deploy(DEFAULT, THREE);
    Deployment back = registry.deploy(DEFAULT, ONE);
    assertThat(back.created()).isTrue();
    assertThat(back.replaced()).isEqualTo(Map.of(RESIZE, Manifests.id(THREE)));
    assertThat(live(RESIZE)).isEqualTo(Manifests.id(ONE));
    assertThat(registry.function(DEFAULT, RESIZE).orElseThrow().revisions()).hasSize(2);
  }

  @Test
  void rollbackGoesToWhatServedBeforeAndDoneAgainFurtherBack() {
    registry.deploy(DEFAULT, ONE);
    registry.deploy(DEFAULT, TWO);
    registry.deploy(DEFAULT, THREE);
    assertThat(registry.rollback(DEFAULT, RESIZE))
        .isEqualTo(new Rollback(RESIZE, Manifests.id(THREE), Manifests.id(TWO)));
    assertThat(registry.rollback(DEFAULT, RESIZE))
        .isEqualTo(new Rollback(RESIZE, Manifests.id(TWO), Manifests.id(ONE)));
    assertThatThrownBy(() -> registry.rollback(DEFAULT, RESIZE))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.code()).isEqualTo("no-earlier-revision"));
    assertThat(live(RESIZE)).isEqualTo(Manifests.id(ONE));
  }

  @Test
  void aMoveOfLiveByHandIsRolledBackToo() {
    registry.deploy(DEFAULT, ONE);
    registry.deploy(DEFAULT, THREE);
    registry.alias(DEFAULT, RESIZE, "live", Manifests.id(ONE));
    assertThat(registry.rollback(DEFAULT, RESIZE).to()).isEqualTo(Manifests.id(THREE));
  }

  @Test
  void aliasesPointWhereTheyArePut() {
    registry.deploy(DEFAULT, ONE);
    registry.deploy(DEFAULT, THREE);
    registry.alias(DEFAULT, RESIZE, "canary", Manifests.id(ONE));
    assertThat(resolve("resize:canary").orElseThrow().revision()).isEqualTo(Manifests.id(ONE));
    registry.alias(DEFAULT, RESIZE, "canary", Manifests.id(THREE));
    assertThat(resolve("resize:canary").orElseThrow().revision()).isEqualTo(Manifests.id(THREE));
    registry.removeAlias(DEFAULT, RESIZE, "canary");
    assertThat(resolve("resize:canary")).isEmpty();
  }

  @Test
  void revisionsAreFoundByTheirFirstDigits() {
    registry.deploy(DEFAULT, ONE);
    registry.deploy(DEFAULT, THREE);
    String digits = Manifests.id(ONE).hash().hex().substring(0, 8);
    assertThat(resolve("resize@" + digits).orElseThrow().revision()).isEqualTo(Manifests.id(ONE));
    assertThat(resolve("resize@000000")).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsRefusedWithACode() {
    registry.deploy(DEFAULT, ONE);
    assertRefused("no-such-function", () -> registry.rollback(DEFAULT, COUNT));
    assertRefused(
        "no-such-revision", () -> registry.alias(DEFAULT, RESIZE, "a", Manifests.id(TWO)));
    assertRefused("no-such-alias", () -> registry.removeAlias(DEFAULT, RESIZE, "a"));
    assertRefused("live-alias", () -> registry.removeAlias(DEFAULT, RESIZE, "live"));
    assertThatThrownBy(() -> registry.alias(DEFAULT, RESIZE, "A!", Manifests.id(ONE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDeletedFunctionIsGoneButItsRevisionCanStillBeRun() {
    registry.deploy(DEFAULT, TWO);
    registry.alias(DEFAULT, RESIZE, "canary", Manifests.id(TWO));
    assertThat(registry.delete(DEFAULT, RESIZE)).isTrue();
    assertThat(registry.delete(DEFAULT, RESIZE)).isFalse();
    assertThat(resolve("resize")).isEmpty();
    assertThat(resolve("resize:canary")).isEmpty();
    assertThat(resolve("count")).isPresent();
    assertThat(registry.manifest(Manifests.id(TWO))).contains(TWO);
    assertThat(registry.functions(DEFAULT)).extracting(FunctionView::name).containsExactly(COUNT);

    registry.deploy(DEFAULT, TWO);
    assertThat(resolve("resize")).isPresent();
    assertThat(resolve("resize:canary")).isEmpty();
  }

  @Test
  void aRevisionOfADeletedFunctionIsForgottenAWhileLater() {
    registry.deploy(DEFAULT, ONE);
    registry.delete(DEFAULT, RESIZE);

    assertThat(registry.forget(Instant.now().minusSeconds(60), Set.of())).isZero();
    assertThat(registry.manifest(Manifests.id(ONE))).isPresent();
    assertThat(registry.forget(later, Set.of())).isOne();
    assertThat(registry.manifest(Manifests.id(ONE))).isEmpty();
    assertThat(registry.needs(ONE.artifact())).isFalse();
    assertThat(registry.forget(later, Set.of())).isZero();

    close();
    open();
    assertThat(registry.manifest(Manifests.id(ONE))).isEmpty();
  }

  @Test
  void aForgottenRevisionCanBeDeployedAgain() {
    registry.deploy(DEFAULT, ONE);
    registry.delete(DEFAULT, RESIZE);
    registry.forget(later, Set.of());

    registry.deploy(DEFAULT, ONE);

    assertThat(resolve("resize")).isPresent();
    assertThat(registry.needs(ONE.artifact())).isTrue();
  }

  @Test
  void aRevisionThatWorkNeedsIsKept() {
    registry.deploy(DEFAULT, ONE);
    registry.delete(DEFAULT, RESIZE);

    assertThat(registry.forget(later, Set.of(Manifests.id(ONE)))).isZero();
    assertThat(registry.manifest(Manifests.id(ONE))).isPresent();
  }

  @Test
  void whatAnAliasOrAnotherTenantRefersToIsKept() {
    registry.deploy(DEFAULT, ONE);
    registry.alias(DEFAULT, RESIZE, "first", Manifests.id(ONE));
    for (int i = 10; i < 30; i++) {
      registry.deploy(DEFAULT, manifest(i, "resize"));
    }
    registry.deploy(OTHER, manifest(10, "resize"));
    registry.forget(later, Set.of());

    assertThat(resolve("resize:first")).isPresent();
    assertThat(registry.manifest(Manifests.id(manifest(10, "resize")))).isPresent();
    assertThat(registry.manifest(Manifests.id(manifest(11, "resize")))).isEmpty();
  }

  @Test
  void rollbacksStayPossibleAndTheirNumberIsBounded() {
    for (int i = 0; i < 50; i++) {
      registry.deploy(DEFAULT, manifest(i, "resize"));
    }

    assertThat(registry.forget(later, Set.of())).isEqualTo(50 - Registry.ROLLBACKS - 1);

    for (int i = 1; i <= Registry.ROLLBACKS; i++) {
      assertThat(registry.rollback(DEFAULT, RESIZE).to())
          .isEqualTo(Manifests.id(manifest(49 - i, "resize")));
    }
    assertRefused("no-earlier-revision", () -> registry.rollback(DEFAULT, RESIZE));
  }

  @Test
  void tenantsDoNotSeeEachOther() {
    registry.deploy(DEFAULT, ONE);
    assertThat(registry.functions(OTHER)).isEmpty();
    assertThat(registry.resolve(OTHER, FunctionReference.parse("resize"))).isEmpty();
    registry.deploy(OTHER, ONE);
    registry.delete(OTHER, RESIZE);
    assertThat(resolve("resize")).isPresent();
  }

  @Test
  void everythingIsThereAfterARestart() {
    registry.deploy(DEFAULT, ONE);
    registry.deploy(DEFAULT, TWO);
    registry.deploy(DEFAULT, THREE);
    registry.deploy(OTHER, ONE);
    registry.alias(DEFAULT, RESIZE, "canary", Manifests.id(ONE));
    registry.rollback(DEFAULT, RESIZE);
    List<FunctionView> before = registry.functions(DEFAULT);

    close();
    open();

    assertThat(registry.functions(DEFAULT)).isEqualTo(before);
    assertThat(registry.functions(OTHER)).hasSize(1);
    assertThat(registry.manifest(Manifests.id(THREE))).contains(THREE);
    assertThat(registry.rollback(DEFAULT, RESIZE).to()).isEqualTo(Manifests.id(ONE));
  }

  private Registry load() {
    Clock clock = Clock.systemUTC();
    return Registry.load(
        Directory.load(ledger.directory(), new NodeId("here"), clock), blobs, clock);
  }

  private Optional<Target> resolve(String reference) {
    return registry.resolve(DEFAULT, FunctionReference.parse(reference));
  }

  private RevisionId live(FunctionName function) {
    return registry.function(DEFAULT, function).orElseThrow().live();
  }

  private static void assertRefused(String code, Runnable change) {
    assertThatThrownBy(change::run)
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static RevisionManifest manifest(int content, String... functions) {
    return new RevisionManifest(
        Sha256.of(new byte[] {(byte) content}),
        1_000,
        25,
        Arrays.stream(functions).sorted().map(RegistryTest::spec).toList());
  }

  private static FunctionSpec spec(String name) {
    return new FunctionSpec(
        new FunctionName(name),
        "com.example.Images",
        "run",
        "()V",
        List.of(),
        FunctionSpec.ResultKind.NOTHING,
        Policy.DEFAULT,
        JsonNodeFactory.instance.objectNode(),
        JsonNodeFactory.instance.objectNode());
  }
}
