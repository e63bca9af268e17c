package dev.fanfare.benchmark;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;

/** A yardstick's part: a member that runs tasks. Prints its port. Arguments: the others' ports. */
final class HazelcastMember {
  private HazelcastMember() {}

  public static void main(String[] args) {
    var config = new Config().setClusterName("yardstick");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.logging.type", "none");
    var network = config.getNetworkConfig().setPort(0).setPublicAddress(null);
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = network.getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    for (String port : args) {
      join.getTcpIpConfig().addMember("127.0.0.1:" + port);
    }
    var instance = Hazelcast.newHazelcastInstance(config);
    System.out.println(
        "member on " + instance.getCluster().getLocalMember().getAddress().getPort());
  }
}
