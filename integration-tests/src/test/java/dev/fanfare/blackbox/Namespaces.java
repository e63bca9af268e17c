package dev.fanfare.blackbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Network namespaces on a bridge of this machine. What goes from one of them to an address can be
 * lost from a moment on, in that direction alone.
 */
final class Namespaces implements AutoCloseable {
  private static final int LONGEST_SECONDS = 20;

  private final String name;
  private final String net;
  private final int count;

  private Namespaces(String name, String net, int count) {
    this.name = name;
    this.net = net;
    this.count = count;
  }

  /** Makes them; skips the test, with the reason, where that is not allowed. */
  static Namespaces make(int count) {
    long process = ProcessHandle.current().pid();
    String net = "10.%d.%d.".formatted(100 + process / 250 % 150, 1 + process % 250);
    var made = new Namespaces("ff" + Long.toString(process, 36), net, count);
    try {
      made.makeAll();
      return made;
    } catch (IOException e) {
      made.close();
      Assumptions.abort("network namespaces cannot be made here: " + e.getMessage());
      throw new AssertionError(e);
    }
  }

  /** The namespace's address, 0 for the first. */
  String address(int number) {
    return net + (11 + number);
  }

  /** This test's own address on the bridge, and another one for a server. */
  String server() {
    return net + "2";
  }

  /** What a command begins with that is to run in a namespace. */
  List<String> inside(int number) {
    return List.of("ip", "netns", "exec", name + "-" + number);
  }

  /** From now on nothing that the namespace sends to these addresses arrives. */
  void cut(int from, String... to) {
    routes(from, "add", to);
  }

  /** It arrives again. */
  void mend(int from, String... to) {
    routes(from, "del", to);
  }

  private void routes(int from, String change, String... to) {
    try {
      for (String address : to) {
        run(inside(from), "ip", "route", change, "blackhole", address + "/32");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The bridge is in a namespace, too: this machine's own firewall has no say there. */
  private void makeAll() throws IOException {
    run(List.of(), "ip", "netns", "add", hub());
    run(hubs(), "ip", "link", "add", "bridge", "type", "bridge");
    run(hubs(), "ip", "link", "set", "bridge", "up");
    run(
        List.of(), "ip", "link", "add", name, "type", "veth", "peer", "name", "out", "netns",
        hub());
    run(hubs(), "ip", "link", "set", "out", "master", "bridge", "up");
    run(List.of(), "ip", "address", "add", net + "1/24", "dev", name);
    run(List.of(), "ip", "address", "add", server() + "/24", "dev", name);
    run(List.of(), "ip", "link", "set", name, "up");
    for (int i = 0; i < count; i++) {
      String space = name + "-" + i;
      String port = "port" + i;
      run(List.of(), "ip", "netns", "add", space);
      run(hubs(), "ip", "link", "add", port, "type", "veth", "peer", "name", "eth0");
      run(hubs(), "ip", "link", "set", "eth0", "netns", space);
      run(hubs(), "ip", "link", "set", port, "master", "bridge", "up");
      run(inside(i), "ip", "address", "add", address(i) + "/24", "dev", "eth0");
      run(inside(i), "ip", "link", "set", "eth0", "up");
      run(inside(i), "ip", "link", "set", "lo", "up");
      acceptsFromWhereNothingGoes(i);
    }
  }

  /** Else what is cut off in one direction is refused in the other, where machines are set so. */
  private void acceptsFromWhereNothingGoes(int number) throws IOException {
    for (String device : List.of("all", "eth0")) {
      String file = "/proc/sys/net/ipv4/conf/" + device + "/rp_filter";
      run(inside(number), "sh", "-c", "echo 0 > " + file);
    }
  }

  private String hub() {
    return name + "-hub";
  }

  private List<String> hubs() {
    return List.of("ip", "netns", "exec", hub());
  }

  @Override
  public void close() {
    for (int i = 0; i < count; i++) {
      runQuietly("ip", "netns", "delete", name + "-" + i);
    }
    runQuietly("ip", "netns", "delete", hub());
    runQuietly("ip", "link", "delete", name);
  }

  private static void runQuietly(String... command) {
    try {
      run(List.of(), command);
    } catch (IOException e) {
      // it was not there
    }
  }

  private static void run(List<String> prefix, String... command) throws IOException {
    var all = new ArrayList<>(prefix);
    Stream.of(command).forEach(all::add);
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", all) + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
