package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.BadAttributeValueExpException;
import org.example.hostile.Gadget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member makes no object of bytes unless its class is one that members send each other. */
@Timeout(60)
class HostileBytesTest {
  @TempDir private Path data;

  @Test
  void aClassThatIsNotAllowedIsNeverMade() {
    try (SchedulerNode node = Nodes.alone(data)) {
      IMap<String, Object> map = node.hazelcast().getMap("any");
      map.set("harmless", new ArrayList<>(List.of("text")));
      map.set("gadget", new Gadget());
      map.set("wrapped", new ArrayList<>(List.of(new Gadget())));
      map.set("known", new BadAttributeValueExpException("a way in since 2015"));

      assertThat(map.get("harmless")).isEqualTo(List.of("text"));
      for (String hostile : List.of("gadget", "wrapped", "known")) {
        assertThatThrownBy(() -> map.get(hostile))
            .as(hostile)
            .satisfiesAnyOf(
                e -> assertThat(e).isInstanceOf(SecurityException.class),
                e ->
                    assertThat(e)
                        .isInstanceOf(HazelcastSerializationException.class)
                        .hasRootCauseInstanceOf(SecurityException.class));
      }
      assertThat(Gadget.MADE).hasValue(0);
    }
  }
}
