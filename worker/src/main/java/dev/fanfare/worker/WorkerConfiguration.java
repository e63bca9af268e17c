package dev.fanfare.worker;

import dev.fanfare.container.ContainerSettings;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.state.StateSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How a worker is to be run.
 *
 * @param id its name
 * @param slots how many runtimes may run something at once, at least 1
 * @param labels the user's own; the automatic ones are added by the agent
 * @param dataDirectory where revisions and payloads are kept; made when absent
 * @param aotCaches folders where an AOT cache of child JVMs is looked for; one that has to be made
 *     goes into the first that can be written
 * @param allowShared whether functions that ask for it run inside this process
 * @param runtimeClasspath what child JVMs start from: the files of {@code runtime-lib}
 * @param javaExecutable the {@code java} that runs them
 * @param blankRuntimes how many started JVMs are kept ready for a revision that is not warm, from 0
 * @param idleRuntimes how many warm runtimes are kept that run nothing, from 0
 * @param idleTime how long a warm runtime is kept that runs nothing
 * @param allowExec whether it runs commands of its machine for keys that may ask for it
 * @param allowSync the folder in which those may write folders of theirs; absent if they may not
 * @param cacheBytes the most bytes of revisions and payloads kept in {@code dataDirectory}
 * @param containers what functions that demand more than a process run in
 * @param state what the machine is declared to have; absent where nothing is
 */
public record WorkerConfiguration(
    WorkerId id,
    int slots,
    Labels labels,
    Path dataDirectory,
    List<Path> aotCaches,
    boolean allowShared,
    List<Path> runtimeClasspath,
    Path javaExecutable,
    int blankRuntimes,
    int idleRuntimes,
    Duration idleTime,
    boolean allowExec,
    Optional<Path> allowSync,
    long cacheBytes,
    ContainerSettings containers,
    Optional<StateSettings> state) {
  /** Long enough for a function that is called every few minutes to stay warm. */
  public static final Duration DEFAULT_IDLE_TIME = Duration.ofMinutes(5);

  /** A cache bound that suits most machines. */
  public static final long DEFAULT_CACHE_BYTES = 4L << 30;

  public WorkerConfiguration {
    runtimeClasspath = List.copyOf(runtimeClasspath);
    aotCaches = List.copyOf(aotCaches);
    require(slots >= 1, "slots is at least 1, not " + slots);
    require(blankRuntimes >= 0, "blank-runtimes is at least 0, not " + blankRuntimes);
    require(idleRuntimes >= 0, "idle-runtimes is at least 0, not " + idleRuntimes);
    require(idleTime.isPositive(), "idle-time is more than 0");
    require(cacheBytes >= 1 << 20, "cache-bytes is at least 1m, not " + cacheBytes);
    require(!runtimeClasspath.isEmpty(), "the runtime's class path is empty");
  }

  /** One slot per processor, one blank runtime, process isolation, this process's own Java. */
  public static WorkerConfiguration of(
      WorkerId id, Path dataDirectory, List<Path> runtimeClasspath) {
    int slots = Runtime.getRuntime().availableProcessors();
    return new WorkerConfiguration(
        id,
        slots,
        new Labels(new TreeMap<>()),
        dataDirectory,
        List.of(dataDirectory.toAbsolutePath().resolve("runtimes")),
        false,
        runtimeClasspath,
        Path.of(System.getProperty("java.home"), "bin", "java"),
        1,
        slots + 2,
        DEFAULT_IDLE_TIME,
        false,
        Optional.empty(),
        DEFAULT_CACHE_BYTES,
        ContainerSettings.NONE,
        Optional.empty());
  }

  /** The same with as many slots, and idle runtimes to match. */
  public WorkerConfiguration withSlots(int count) {
    return changed(
        draft -> {
          draft.slots = count;
          draft.idleRuntimes = count + 2;
        });
  }

  /** The same with these labels of the user's. */
  public WorkerConfiguration withLabels(Labels own) {
    return changed(draft -> draft.labels = own);
  }

  /** The same, but functions that ask for it may run inside the worker's process. */
  public WorkerConfiguration withShared(boolean allowed) {
    return changed(draft -> draft.allowShared = allowed);
  }

  /** The same, but AOT caches are looked for here first. */
  public WorkerConfiguration withAotCaches(Path folder) {
    var folders = new ArrayList<>(List.of(folder));
    folders.addAll(aotCaches);
    return changed(draft -> draft.aotCaches = folders);
  }

  /** The same, but warm runtimes without work are ended after this time. */
  public WorkerConfiguration withIdleTime(Duration time) {
    return changed(draft -> draft.idleTime = time);
  }

  /** The same, but functions that demand it run in such containers. */
  public WorkerConfiguration withContainers(ContainerSettings settings) {
    return changed(draft -> draft.containers = settings);
  }

  /** The same, but commands may run on its machine, or may not. */
  public WorkerConfiguration withExec(boolean allowed) {
    return changed(draft -> draft.allowExec = allowed);
  }

  /** The same, but folders may be written in this one. */
  public WorkerConfiguration withSync(Path root) {
    return changed(draft -> draft.allowSync = Optional.of(root));
  }

  /** The same with a declared state. */
  public WorkerConfiguration withState(StateSettings declared) {
    return changed(draft -> draft.state = Optional.of(declared));
  }

  /** The same with another {@code java} for its runtimes. */
  public WorkerConfiguration withJava(Path executable) {
    return changed(draft -> draft.javaExecutable = executable);
  }

  /** The same with other numbers of ready and of warm runtimes. */
  public WorkerConfiguration withRuntimes(int blank, int idle) {
    return changed(
        draft -> {
          draft.blankRuntimes = blank;
          draft.idleRuntimes = idle;
        });
  }

  private WorkerConfiguration changed(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.made();
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** Another one in the making. */
  private static final class Draft {
    private final WorkerId id;
    private int slots;
    private Labels labels;
    private final Path dataDirectory;
    private List<Path> aotCaches;
    private boolean allowShared;
    private final List<Path> runtimeClasspath;
    private Path javaExecutable;
    private int blankRuntimes;
    private int idleRuntimes;
    private Duration idleTime;
    private boolean allowExec;
    private Optional<Path> allowSync;
    private final long cacheBytes;
    private ContainerSettings containers;
    private Optional<StateSettings> state;

    Draft(WorkerConfiguration like) {
      id = like.id;
      slots = like.slots;
      labels = like.labels;
      dataDirectory = like.dataDirectory;
      aotCaches = like.aotCaches;
      allowShared = like.allowShared;
      runtimeClasspath = like.runtimeClasspath;
      javaExecutable = like.javaExecutable;
      blankRuntimes = like.blankRuntimes;
      idleRuntimes = like.idleRuntimes;
      idleTime = like.idleTime;
      allowExec = like.allowExec;
      allowSync = like.allowSync;
      cacheBytes = like.cacheBytes;
      containers = like.containers;
      state = like.state;
    }

    WorkerConfiguration made() {
      return new WorkerConfiguration(
          id,
          slots,
          labels,
          dataDirectory,
          aotCaches,
          allowShared,
          runtimeClasspath,
          javaExecutable,
          blankRuntimes,
          idleRuntimes,
          idleTime,
          allowExec,
          allowSync,
          cacheBytes,
          containers,
          state);
    }
  }
}
