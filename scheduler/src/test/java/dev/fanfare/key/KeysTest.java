package dev.fanfare.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.directory.Directory;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.LedgerPlace;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(LedgerPlace.class)
class KeysTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final TenantId OTHER = new TenantId("other");

  @Parameter private LedgerPlace place;
  @TempDir private Path data;
  private DataFolder folder;
  private Ledger ledger;
  private Instant now = START;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private Keys keys;

  @BeforeEach
  void open() {
    folder = DataFolder.open(data);
    ledger = place.open(folder, Retention.DEFAULT, Clock.systemUTC());
    Directory directory = Directory.load(ledger.directory(), new NodeId("here"), clock);
    keys = Keys.load(directory, ledger.keyUses(), clock);
  }

  @AfterEach
  void close() {
    ledger.close();
    folder.close();
  }

  @Test
  void aKeyThatWasMadeElsewhereIsGoodOnceItIsAdopted() {
    String made = Keys.fresh();
    assertThat(keys.authenticate(made)).isEmpty();

    keys.adopt(TenantId.DEFAULT, Scope.ADMIN, "made elsewhere", made);
    keys.adopt(TenantId.DEFAULT, Scope.ADMIN, "made elsewhere", made);

    assertThat(keys.authenticate(made).orElseThrow().scope()).isEqualTo(Scope.ADMIN);
    assertThat(keys.list(TenantId.DEFAULT)).hasSize(1);
  }

  @Test
  void whatIsNoKeyIsNotAdopted() {
    assertThatThrownBy(() -> keys.adopt(TenantId.DEFAULT, Scope.ADMIN, "none", "secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ff_ID_SECRET");
  }

  @Test
  void anIssuedKeyTellsWhoItsHolderIs() {
    Issued issued = issue(Scope.DEPLOYER, Optional.empty());
    assertThat(issued.text()).startsWith("ff_" + issued.id() + "_");
    assertThat(issued.expiresAt()).isEmpty();
    assertThat(keys.authenticate(issued.text()))
        .contains(new Principal(issued.id(), TenantId.DEFAULT, Scope.DEPLOYER));
  }

  @Test
  void keysAreThereAfterARestart() {
    Issued issued = issue(Scope.ADMIN, Optional.of(Duration.ofHours(1)));
    close();
    open();
    assertThat(keys.authenticate(issued.text())).isPresent();
    now = START.plus(Duration.ofHours(1));
    assertThat(keys.authenticate(issued.text())).isEmpty();
  }

  @Test
  void theSecretIsNowhereOnDiskNorInWhatIsPrinted() throws IOException {
    Issued issued = issue(Scope.ADMIN, Optional.empty());
    String secret = issued.text().substring(issued.text().lastIndexOf('_') + 1);
    assertThat(issued.toString()).doesNotContain(secret);
    close();
    try (var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, ISO_8859_1)).doesNotContain(secret);
      }
    }
    open();
  }

  @Test
  void aKeyEndsWithItsTime() {
    Issued issued = issue(Scope.JOIN, Optional.of(Duration.ofMinutes(10)));
    assertThat(issued.expiresAt()).contains(START.plus(Duration.ofMinutes(10)));
    now = START.plus(Duration.ofMinutes(10)).minusMillis(1);
    assertThat(keys.authenticate(issued.text())).isPresent();
    now = now.plusMillis(1);
    assertThat(keys.authenticate(issued.text())).isEmpty();
  }

  @Test
  void aRevokedKeyIsNoKeyAnyMore() {
    Issued issued = issue(Scope.INVOKER, Optional.empty());
    assertThat(keys.revoke(OTHER, issued.id())).isFalse();
    assertThat(keys.authenticate(issued.text())).isPresent();
    assertThat(keys.revoke(TenantId.DEFAULT, issued.id())).isTrue();
    assertThat(keys.authenticate(issued.text())).isEmpty();
    assertThat(keys.revoke(TenantId.DEFAULT, issued.id())).isFalse();
    close();
    open();
    assertThat(keys.authenticate(issued.text())).isEmpty();
  }

  @Test
  void anotherSecretUnderAKnownIdIsRefused() {
    Issued issued = issue(Scope.ADMIN, Optional.empty());
    Issued other = issue(Scope.ADMIN, Optional.empty());
    String mixed = "ff_" + issued.id() + other.text().substring(other.text().lastIndexOf('_'));
    assertThat(keys.authenticate(mixed)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ff_", "ff__", "ff_a_b", "Bearer x", "ff_aaaaaaaaaa_\u0000", "ff_ä"})
  void whatIsNoKeyIsRefused(String text) {
    assertThat(keys.authenticate(text)).isEmpty();
  }

  @Test
  void listsTellOfATenantsKeysWhenTheyWereUsedToAMinute() {
    Issued first = issue(Scope.VIEWER, Optional.empty());
    keys.issue(OTHER, Scope.ADMIN, "theirs", Optional.empty());
    assertThat(keys.list(TenantId.DEFAULT))
        .extracting(KeyView::id, KeyView::lastUsed)
        .containsExactly(org.assertj.core.api.Assertions.tuple(first.id(), Optional.empty()));

    assertThat(keys.authenticate(first.text())).isPresent();
    now = START.plusSeconds(30);
    assertThat(keys.authenticate(first.text())).isPresent();
    keys.keepLastUses();
    close();
    open();
    assertThat(keys.list(TenantId.DEFAULT))
        .extracting(KeyView::lastUsed)
        .isEqualTo(List.of(Optional.of(START)));
  }

  @Test
  void scopesOfPeopleIncludeTheLowerOnesAndNothingElseDoes() {
    assertThat(Scope.ADMIN.allows(Scope.VIEWER)).isTrue();
    assertThat(Scope.OPERATOR.allows(Scope.OPERATOR)).isTrue();
    assertThat(Scope.INVOKER.allows(Scope.DEPLOYER)).isFalse();
    assertThat(Scope.ADMIN.allows(Scope.WORKER)).isFalse();
    assertThat(Scope.WORKER.allows(Scope.VIEWER)).isFalse();
    assertThat(Scope.JOIN.allows(Scope.WORKER)).isFalse();
    assertThat(Scope.JOIN.allows(Scope.JOIN)).isTrue();
  }

  @Test
  void aNameOrTimeThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> issue(Scope.ADMIN, Optional.of(Duration.ZERO)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> keys.issue(TenantId.DEFAULT, Scope.ADMIN, "a\nb", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Issued issue(Scope scope, Optional<Duration> ttl) {
    return keys.issue(TenantId.DEFAULT, scope, "mine", ttl);
  }
}
