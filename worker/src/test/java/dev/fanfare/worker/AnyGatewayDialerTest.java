package dev.fanfare.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class AnyGatewayDialerTest {
  private final Gateway one = new Gateway("one");
  private final Gateway two = new Gateway("two");
  private final Gateway three = new Gateway("three");
  private final AnyGatewayDialer dialer = new AnyGatewayDialer(List.of(one, two, three));

  /** A gateway that answers as it is told. */
  private static final class Gateway implements Dialer {
    private final String name;
    private final List<String> credentials = new ArrayList<>();
    private RuntimeException failure = new IllegalStateException("down");
    private boolean up;
    private int dialled;

    Gateway(String name) {
      this.name = name;
    }

    @Override
    public Future<Link> dial(Link.Listener listener) {
      dialled++;
      return up ? Future.succeededFuture(new To(name)) : Future.failedFuture(failure);
    }

    @Override
    public void credential(String credential) {
      credentials.add(credential);
    }
  }

  private record To(String peer) implements Link {
    @Override
    public void send(Frame frame) {}

    @Override
    public boolean congested() {
      return false;
    }

    @Override
    public void close() {}
  }

  private static final Link.Listener NOBODY =
      new Link.Listener() {
        @Override
        public void received(Frame frame) {}

        @Override
        public void closed(String reason) {}
      };

  @Test
  void theOneThatIsUpIsFound() {
    two.up = true;
    for (int i = 0; i < 5; i++) {
      assertThat(dialer.dial(NOBODY).result().peer()).isEqualTo("two");
    }
  }

  @Test
  void afterALossTheNextIsDialled() {
    one.up = two.up = three.up = true;
    var peers = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      peers.add(dialer.dial(NOBODY).result().peer());
    }
    assertThat(peers).containsExactlyInAnyOrder("one", "two", "three");
  }

  @Test
  void noneUpFailsAfterEachWasTriedOnce() {
    assertThat(dialer.dial(NOBODY).cause()).hasMessage("down").isNotInstanceOf(DialRefused.class);
    assertThat(List.of(one.dialled, two.dialled, three.dialled)).containsOnly(1);
  }

  @Test
  void oneThatRefusesTheKeyDoesNotDecideForOthersThatAreDown() {
    one.failure = two.failure = DialRefused.because("no such key");
    assertThat(dialer.dial(NOBODY).cause()).isNotInstanceOf(DialRefused.class);
  }

  @Test
  void whenAllRefuseTheKeyItIsRefused() {
    one.failure = two.failure = three.failure = DialRefused.because("no such key");
    assertThat(dialer.dial(NOBODY).cause()).isInstanceOf(DialRefused.class);
  }

  @Test
  void aCredentialOfOneIsForAll() {
    dialer.credential("mine");
    assertThat(List.of(one.credentials, two.credentials, three.credentials))
        .containsOnly(List.of("mine"));
  }

  @Test
  void atLeastOneGatewayIsNeeded() {
    assertThatThrownBy(() -> new AnyGatewayDialer(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one gateway");
  }
}
