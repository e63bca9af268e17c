package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A real {@code sshd} on loopback with keys, configuration and port of the test's own. Whoever
 * comes in becomes the user that runs the test.
 */
final class SshServer implements AutoCloseable {
  private static final Path SSHD = Path.of("/usr/sbin/sshd");
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

  private final Path home;
  private final int port;
  private final LaunchedProcess process;

  private SshServer(Path home, int port, LaunchedProcess process) {
    this.home = home;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts one whose sessions run this line of shell before what was asked for; skips the test, by
   * name, where there is no {@code sshd}.
   */
  static SshServer start(Path home, String before) throws Exception {
    assumeTrue(Files.isExecutable(SSHD), "no sshd: apt-get install openssh-server");
    makePrivilegeSeparationFolder();
    for (String key : List.of("host", "user", "stranger")) {
      Path file = home.resolve(key);
      if (!Files.exists(file)) {
        run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString()));
      }
    }
    int port = Ports.free();
    Path configuration = home.resolve("sshd-" + port);
    Files.writeString(
        configuration,
        """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s
        AuthorizedKeysFile %s
        StrictModes no
        UsePAM no
        PermitRootLogin yes
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PidFile none
        ForceCommand %s; eval "$SSH_ORIGINAL_COMMAND"
        """
            .formatted(port, home.resolve("host"), home.resolve("user.pub"), before));
    var process =
        LaunchedProcess.start(
            home, Map.of(), List.of(SSHD.toString(), "-D", "-e", "-f", configuration.toString()));
    process.awaitLine("Server listening on", Duration.ofSeconds(20));
    return new SshServer(home, port, process);
  }

  /** What {@code fanfare worker} needs to get in. */
  List<String> options() {
    return optionsAs("user");
  }

  /** The same with the key of somebody whom it does not know. */
  List<String> optionsOfAStranger() {
    return optionsAs("stranger");
  }

  private List<String> optionsAs(String key) {
    return List.of(
        "--ssh",
        "127.0.0.1",
        "--ssh-option",
        "Port=" + port,
        "--ssh-option",
        "IdentityFile=" + home.resolve(key),
        "--ssh-option",
        "IdentitiesOnly=yes",
        "--ssh-option",
        "UserKnownHostsFile=" + home.resolve("known-hosts"),
        "--ssh-option",
        "StrictHostKeyChecking=accept-new");
  }

  @Override
  public void close() {
    process.close();
  }

  private static void makePrivilegeSeparationFolder() {
    try {
      Files.createDirectories(PRIVILEGE_SEPARATION);
    } catch (IOException e) {
      // Only root can and needs to.
    }
  }

  private static void run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(command.toString()).isZero();
  }

  /** Waits until no process has this text in its command line. */
  static void awaitNoProcessOf(Path folder) {
    Awaitility.await("nothing runs from " + folder)
        .atMost(Duration.ofSeconds(20))
        .until(() -> processesOf(folder).isEmpty());
  }

  static List<String> processesOf(Path folder) {
    String text = folder.toString();
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains("java") && line.contains(text + "/dist-"))
        .toList();
  }
}
