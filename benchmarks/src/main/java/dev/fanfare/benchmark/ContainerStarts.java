package dev.fanfare.benchmark;

import static dev.fanfare.benchmark.Medians.median;

import dev.fanfare.function.Isolation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long the first call of a function takes that demands a container, engine included, beside one
 * that a process will do for: none is started ahead. The container is of an image that is there, or
 * of the revision's own, which is built for the call. Needs an engine.
 */
final class ContainerStarts implements Section {
  private static final String IMAGE = "fanfare:benchmark";

  @Override
  public String name() {
    return "containers";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    if (exitOf("docker", "info") != 0) {
      System.out.println("no container engine answers `docker info`: nothing was measured");
      return;
    }
    String launcher = StartedProcess.checkout().resolve("fanfare").toString();
    if (exitOf(launcher, "image", "platform", "--to-docker", IMAGE) != 0) {
      throw new IllegalStateException("no image could be built");
    }
    try {
      System.out.println("| isolation | first call | next call |");
      System.out.println("|---|---:|---:|");
      int rounds = settings.rounds();
      measure("process", Isolation.PROCESS, rounds, "--container-engine", "none");
      measure("container", Isolation.CONTAINER, rounds, "--container-image", IMAGE);
      measure("container, image built", Isolation.CONTAINER, rounds);
    } finally {
      exitOf("docker", "rmi", "--force", IMAGE);
    }
  }

  private static void measure(String name, Isolation isolation, int rounds, String... more)
      throws IOException, InterruptedException {
    Path jar = FunctionsJar.of(1, isolation);
    String[] arguments =
        Stream.concat(Stream.of("--blank-runtimes", "0"), Stream.of(more)).toArray(String[]::new);
    var first = new double[rounds];
    var next = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      try (var platform = RunningPlatform.up(arguments)) {
        platform.deploy(jar);
        first[round] = call(platform);
        next[round] = call(platform);
      }
    }
    System.out.printf("| %s | %.0f ms | %.1f ms |%n", name, median(first), median(next));
  }

  private static double call(RunningPlatform platform) throws IOException, InterruptedException {
    long began = System.nanoTime();
    platform.call("echo-0", "\"first\"");
    return (System.nanoTime() - began) / 1e6;
  }

  private static int exitOf(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(List.of(command))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
