package dev.fanfare.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;

/** Does something whenever a member has come or gone. */
record OnMembership(Runnable task) implements MembershipListener {
  @Override
  public void memberAdded(MembershipEvent event) {
    task.run();
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    task.run();
  }
}
