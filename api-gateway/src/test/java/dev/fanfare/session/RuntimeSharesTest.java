package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Scale;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerProfile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RuntimeSharesTest {
  private static final RevisionId REVISION = new RevisionId(Sha256.of(new byte[] {1}));
  private static final List<WorkerProfile> THREE =
      Stream.of("a", "b", "c").map(name -> ScriptedWorker.profile(name, Map.of())).toList();

  @Test
  void sharesAddUpToTheWhole() {
    List<Frame.Scaling> shares = shares(List.of(function("one", 4, 5)), THREE);
    assertThat(shares.stream().mapToInt(s -> s.least().getFirst().count())).containsOnly(1, 2);
    assertThat(shares.stream().mapToInt(s -> s.least().getFirst().count()).sum()).isEqualTo(4);
    assertThat(shares.stream().mapToInt(s -> s.most().getFirst().count()).sum()).isEqualTo(5);
  }

  @Test
  void aWorkerThatMayHaveNoneIsToldSo() {
    List<Frame.Scaling> shares = shares(List.of(function("one", 0, 1)), THREE);
    assertThat(shares).allMatch(share -> share.least().isEmpty());
    assertThat(shares.stream().map(share -> share.most().getFirst().count()))
        .containsExactlyInAnyOrder(0, 0, 1);
  }

  @Test
  void functionsWithOneRuntimeAreSpread() {
    List<Target> functions =
        IntStream.range(0, 9).mapToObj(i -> function("function-" + i, 1, 9)).toList();
    assertThat(shares(functions, THREE)).allMatch(share -> share.least().size() == 3);
  }

  @Test
  void noMoreIsKeptWarmThanThereAreSlots() {
    List<Frame.Scaling> shares = shares(List.of(function("one", 100, 100)), THREE);
    assertThat(shares).allMatch(share -> share.least().getFirst().count() == 4);
  }

  @Test
  void onlyWorkersThatMayRunItHaveAShare() {
    Target demanding =
        function("one", 2, 2, Requirements.NONE.and(List.of(Constraint.parse("gpu"))));
    var able = ScriptedWorker.profile("able", Map.of("gpu", ""));
    List<WorkerProfile> workers = Stream.concat(THREE.stream(), Stream.of(able)).toList();
    List<Frame.Scaling> shares = shares(List.of(demanding), workers);
    assertThat(shares.getLast().least().getFirst().count()).isEqualTo(2);
    assertThat(shares.subList(0, 3)).allMatch(share -> share.most().isEmpty());
  }

  private static List<Frame.Scaling> shares(List<Target> functions, List<WorkerProfile> workers) {
    var shares = new RuntimeShares(functions, workers);
    return workers.stream().map(shares::of).toList();
  }

  private static Target function(String name, int min, int max) {
    return function(name, min, max, Requirements.NONE);
  }

  private static Target function(String name, int min, int max, Requirements requirements) {
    Policy plain = Policy.DEFAULT;
    var policy =
        new Policy(
            plain.timeout(),
            plain.retries(),
            plain.expiresAfter(),
            plain.concurrency(),
            plain.memoryBytes(),
            requirements,
            new Scale(min, Optional.of(max)));
    return new Target(TenantId.DEFAULT, new FunctionName(name), REVISION, policy);
  }
}
