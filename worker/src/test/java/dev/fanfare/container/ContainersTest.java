package dev.fanfare.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ContainersTest {
  @TempDir Path folder;

  @Test
  void dockerIsAskedBeforePodmanUnlessOneIsNamed() throws IOException {
    Path podman = program("podman", "exit 0");
    Path docker = program("docker", "exit 0");

    assertThat(installed(Engine.Choice.AUTO)).containsExactly(docker, podman);
    assertThat(installed(Engine.Choice.PODMAN)).containsExactly(podman);
    assertThat(installed(Engine.Choice.NONE)).isEmpty();
    assertThat(Engine.installed(Engine.Choice.AUTO, "/nowhere")).isEmpty();
  }

  @Test
  void aProgramWhoseEngineDoesNotAnswerIsNoEngine() throws IOException {
    var silent = new Engine(program("docker", "echo 'cannot connect to the daemon'; exit 1"));
    var answering = new Engine(program("podman", "echo 5.1"));

    assertThat(silent.version().well()).isFalse();
    assertThat(silent.version().output()).contains("cannot connect");
    assertThat(answering.version()).isEqualTo(new Engine.Ran(0, "5.1"));
    assertThat(new Engine(folder.resolve("gone")).version().well()).isFalse();
  }

  @Test
  void aContainerHasNoNetworkUnlessOneWasGranted() throws IOException {
    assertThat(command(Optional.empty())).containsSequence("--network", "none");
    assertThat(command(Optional.of("orders"))).containsSequence("--network", "orders");
  }

  @Test
  void aContainerMayWriteOnlyWhatIsShared() throws IOException {
    assertThat(command(Optional.empty()))
        .contains("--read-only")
        .containsSequence("--cap-drop", "ALL")
        .containsSequence("--volume", "/read:/read:ro")
        .containsSequence("--volume", "/write:/write")
        .containsSequence("--entrypoint", "java", "an-image", "-version")
        .doesNotContain("0:0");
  }

  @Test
  void withoutAnythingToMakeThemOfThereAreNoContainers() {
    var settings =
        new ContainerSettings(
            Engine.Choice.AUTO, Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(Containers.find(settings, folder, 1)).isEmpty();
  }

  private List<String> command(Optional<String> network) throws IOException {
    var settings =
        new ContainerSettings(
            Engine.Choice.AUTO, Optional.of("an-image"), Optional.empty(), network);
    var containers = new Containers(new Engine(Path.of("docker")), settings, folder, 1);
    return containers.command(
        "name",
        new Containers.Image.Common("an-image"),
        64L << 20,
        List.of(Path.of("/read")),
        List.of(Path.of("/write")),
        List.of("java", "-version"));
  }

  private List<Path> installed(Engine.Choice choice) {
    return Engine.installed(choice, "/nowhere:" + folder).stream().map(Engine::program).toList();
  }

  private Path program(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
