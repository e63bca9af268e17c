package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.SessionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shard moves; {@link SimulationTest} tells that the copy behaves the same. */
class ShardStateTest {
  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void anEmptyShardCanBeCopied() throws IOException {
    Shard copy = read(write(new Shard(12, ShardLimits.DEFAULT)));
    assertThat(copy.number()).isEqualTo(12);
    assertThat(copy.limits()).isEqualTo(ShardLimits.DEFAULT);
    assertThat(new Desk(copy).counts().accepted()).isZero();
  }

  @Test
  void whatWaitsRunsAndEndedIsInTheCopy() throws IOException {
    desk.submitAll(List.of(Work.of(1), Work.of(2).retries(1), Work.of(3), Work.of(4).sync()));
    desk.submit(Work.of(5).requiring("gpu").priority(7).notBefore(desk.now + SECOND));
    desk.succeed(session, desk.lease(session));
    desk.fail(session, desk.lease(session), FailureCode.CRASHED);
    var lease = desk.lease(session);
    Desk copy = new Desk(read(write(desk.shard)));
    copy.now = desk.now;
    for (int i = 1; i <= 5; i++) {
      assertThat(copy.find(Work.id(i))).isEqualTo(desk.find(Work.id(i)));
    }
    assertThat(copy.counts()).isEqualTo(desk.counts());
    assertThat(copy.reply.nextDue()).isEqualTo(desk.reply.nextDue());
    assertThat(copy.reply.waiting()).isEqualTo(desk.reply.waiting());
    assertThat(copy.succeed(session, lease)).isTrue();
    assertThat(copy.drain(session)).containsExactly(Work.id(4));
  }

  @Test
  void writingChangesNothingAndIsRepeatable() throws IOException {
    desk.submitAll(List.of(Work.of(1), Work.of(2)));
    desk.lease(session);
    byte[] first = write(desk.shard);
    assertThat(write(desk.shard)).isEqualTo(first);
    assertThat(write(read(first))).isEqualTo(first);
  }

  @Test
  void bytesThatAreCutOffAreRefused() throws IOException {
    desk.submit(Work.of(1));
    desk.succeed(session, desk.lease(session));
    byte[] whole = write(desk.shard);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    byte[] bytes = write(desk.shard);
    bytes[0]++;
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(IOException.class);
  }

  private static byte[] write(Shard shard) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ShardState.write(shard, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Shard read(byte[] bytes) throws IOException {
    return ShardState.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
