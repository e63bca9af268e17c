package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdMapTest {
  private final IdMap map = new IdMap();

  @Test
  void holdsWhatAHashMapHoldsWhateverIsDoneToBoth() {
    var random = new Random(5);
    Map<InvocationId, Kept> model = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      // Few keys at first, then many, then few again; the halves alike, so that slots collide.
      int range = i < 50_000 ? 60 : i < 120_000 ? 30_000 : 60;
      var id = new InvocationId(random.nextInt(range) << 16, random.nextInt(3));
      if (random.nextInt(range == 60 && i > 120_000 ? 4 : 2) == 0) {
        Kept kept = kept(id);
        map.put(kept);
        model.put(id, kept);
      } else {
        map.remove(id.high(), id.low());
        model.remove(id);
      }
      assertThat(map.size()).isEqualTo(model.size());
      assertThat(map.get(id.high(), id.low())).isSameAs(model.get(id));
      if (i % 10_000 == 0) {
        model.forEach((key, value) -> assertThat(map.get(key.high(), key.low())).isSameAs(value));
      }
    }
  }

  private static Kept kept(InvocationId id) {
    Work work = Work.of(0);
    return new Kept(
        new InvocationRecord(
            id,
            TenantId.DEFAULT,
            work.submission().target().function(),
            Work.revisionId("r"),
            InvocationState.SUCCEEDED,
            "",
            false,
            0,
            0,
            0,
            0,
            Optional.empty(),
            Desk.NODE,
            0,
            0,
            0,
            0,
            Optional.empty(),
            Usage.NONE));
  }
}
