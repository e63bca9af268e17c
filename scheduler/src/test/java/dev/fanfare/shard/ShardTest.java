package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Reply.Admission;
import org.junit.jupiter.api.Test;

class ShardTest {
  private final Desk desk = new Desk();

  @Test
  void whatIsSubmittedIsLeasedAndSettled() {
    SessionId session = desk.attach(1);
    assertThat(desk.submit(Work.of(1))).isEqualTo(Admission.ACCEPTED);
    var lease = desk.lease(session);
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.RUNNING);
    assertThat(desk.succeed(session, lease)).isTrue();
    assertThat(desk.reply.ended()).hasSize(1);
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.SUCCEEDED);
  }
}
