package dev.fanfare.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProofTest {
  private static final String TOKEN = "ff_abcdefghij_abcdefghijklmnopqrstuvwxyz234567";

  private final SharedKey key = SharedKey.of(TOKEN);
  private final byte[] ofWorker = Proof.nonce();
  private final byte[] ofGateway = Proof.nonce();
  private final Proof proof = new Proof(key, ofWorker, ofGateway, "");

  @Test
  void whoKnowsTheKeyIsBelieved() {
    var other = new Proof(SharedKey.of(TOKEN), ofWorker, ofGateway, "");

    assertThat(proof.isOfGateway(other.ofGateway())).isTrue();
    assertThat(proof.isOfWorker(other.ofWorker())).isTrue();
    assertThat(proof.freshSecret()).isEqualTo(other.freshSecret()).matches("[a-z2-7]{32}");
  }

  @Test
  void whoKnowsAnotherKeyIsNot() {
    var stranger = new Proof(SharedKey.of(TOKEN.replace("67", "66")), ofWorker, ofGateway, "");

    assertThat(proof.isOfGateway(stranger.ofGateway())).isFalse();
    assertThat(proof.isOfWorker(stranger.ofWorker())).isFalse();
  }

  @Test
  void whatOneSaysIsWorthNothingFromTheOther() {
    assertThat(proof.isOfWorker(proof.ofGateway())).isFalse();
    assertThat(proof.isOfGateway(proof.ofWorker())).isFalse();
  }

  @Test
  void whatWasSaidOnceIsWorthNothingOnAnotherConnection() {
    var later = new Proof(key, ofWorker, Proof.nonce(), "");
    var again = new Proof(key, Proof.nonce(), ofGateway, "");

    assertThat(later.isOfWorker(proof.ofWorker())).isFalse();
    assertThat(again.isOfGateway(proof.ofGateway())).isFalse();
  }

  @Test
  void whoStandsBetweenWithAnotherCertificateIsNoticed() {
    var seen = new Proof(key, ofWorker, ofGateway, "aa");

    assertThat(seen.isOfGateway(proof.ofGateway())).isFalse();
  }

  @Test
  void messagesAreReadAsTheyWereWritten() {
    var all =
        List.of(
            new ProofMessage.Challenge(List.of("a", "b"), ofWorker),
            new ProofMessage.GatewayProof("a", ofGateway, proof.ofGateway()),
            new ProofMessage.WorkerProof(proof.ofWorker()),
            new ProofMessage.Opened(Optional.of("c")),
            new ProofMessage.Opened(Optional.empty()),
            new ProofMessage.Refused("no", true));

    for (ProofMessage message : all) {
      assertThat(ProofMessage.read(message.text())).usingRecursiveComparison().isEqualTo(message);
      assertThat(message.text()).doesNotContain("abcdefghijklmnopqrstuvwxyz234567");
    }
  }

  @Test
  void whatIsNoMessageIsRefused() {
    for (String text : List.of("", "[", "{}", "{\"proof\":\"worker\",\"mac\":\"x\"}", "1")) {
      assertThatThrownBy(() -> ProofMessage.read(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
