package dev.fanfare.command;

import dev.fanfare.container.RevisionImages;
import dev.fanfare.context.Context;
import dev.fanfare.health.HealthServer;
import dev.fanfare.image.Images;
import dev.fanfare.image.WorkersImages;
import dev.fanfare.platform.Distribution;
import dev.fanfare.platform.EventLoops;
import dev.fanfare.platform.Logging;
import dev.fanfare.platform.MachineName;
import dev.fanfare.platform.SecretFile;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.relay.RelayConfiguration;
import dev.fanfare.ssh.SshTarget;
import dev.fanfare.ssh.SshWorker;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.StopSignal;
import dev.fanfare.worker.AnyGatewayDialer;
import dev.fanfare.worker.Dialer;
import dev.fanfare.worker.FirstGoodKeyDialer;
import dev.fanfare.worker.Listening;
import dev.fanfare.worker.ListeningDialer;
import dev.fanfare.worker.WebSocketDialer;
import dev.fanfare.worker.WorkerAgent;
import dev.fanfare.worker.WorkerConfiguration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "worker",
    description = {
      "Runs a worker: it dials a gateway or waits for one, takes work, runs it in child processes.",
      "The first time it needs a join token (fanfare workers --join); from then on it has a"
          + " credential of its own.",
      "Ctrl-C or SIGTERM lets running work finish, then stops."
    })
final class WorkerCommand extends LocalCommand {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      split = ",",
      splitSynopsisLabel = ",",
      description =
          "The gateway to work for; of a cluster best several: when one is lost or stops, the"
              + " worker goes on with another.")
  List<String> gateways = List.of();

  @Mixin ListenOptions listening = new ListenOptions();

  @Option(
      names = "--relay",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description =
          "Run nothing, but pass on to --gateway the sessions of workers that dial --listen.")
  boolean relay;

  @Option(
      names = "--connect",
      paramLabel = "HOST:PORT",
      split = ",",
      splitSynopsisLabel = ",",
      description = "A listening worker that the relay is to dial; may be repeated.")
  List<String> connect = List.of();

  @Mixin SshOptions ssh = new SshOptions();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "A join token. Other users of this machine can see flags; FANFARE_WORKER_TOKEN they"
              + " cannot.")
  Optional<String> token = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with a join token, which others may not read.")
  Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The worker's name, unique on the platform (default: this machine's).")
  Optional<String> name = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Where code, payloads and the credential are kept (default:"
              + " ~/.local/share/fanfare/workers/NAME).")
  Optional<Path> data = Optional.empty();

  @Mixin WorkerOptions worker = new WorkerOptions();
  @Mixin HealthOption health = new HealthOption();
  @Mixin DrainOption drain = new DrainOption();

  @Override
  ExitCode run() {
    Logging.to(shell().err(), fanfare().verbose());
    if (relay) {
      return relay();
    }
    if (!connect.isEmpty()) {
      throw CommandException.usage(
          "--connect goes with --relay; a gateway dials by: fanfare workers connect HOST:PORT");
    }
    if (!ssh.hosts.isEmpty()) {
      return ssh();
    }
    if (gateways.isEmpty() != listening.wanted()) {
      throw CommandException.usage(
          "a worker either dials (--gateway URL) or is dialled (--listen ADDRESS:PORT)");
    }
    return listening.wanted() ? listen() : dial();
  }

  private ExitCode dial() {
    List<String> urls = gateways.stream().map(Context::checkUrl).toList();
    String url = String.join(", ", urls);
    WorkerId id = id();
    Path folder = folder(id);
    Path credential = folder.resolve("credential");
    List<String> keys = keys(url, credential);
    Duration atMost = drain.time();
    WorkerConfiguration configuration = worker.configuration(id, folder, images());
    Vertx vertx = EventLoops.start();
    try (StopSignal stop = StopSignal.install()) {
      WorkerAgent agent =
          connect(
              keys,
              stop,
              key ->
                  start(
                      () ->
                          WorkerAgent.start(
                              configuration, vertx, dialer(vertx, urls, key, credential)),
                      folder));
      if (agent.connected().succeeded()) {
        shell()
            .out()
            .println("ready " + id + " at " + url + " with " + configuration.slots() + " slots");
      }
      return stopped(agent, stop, atMost);
    } finally {
      ended(vertx.close(), Duration.ZERO);
    }
  }

  private ExitCode relay() {
    if (gateways.isEmpty() || !listening.wanted() || !ssh.hosts.isEmpty()) {
      throw CommandException.usage(
          "a relay needs --gateway URL, where it passes sessions on to, and --listen ADDRESS:PORT,"
              + " where workers dial it");
    }
    WorkerId id = id();
    var configuration =
        new RelayConfiguration(
            id.value(),
            gateways.stream().map(Context::checkUrl).map(URI::create).toList(),
            listening.where(),
            Relaying.addresses(connect),
            folder(id),
            WorkerConfiguration.DEFAULT_CACHE_BYTES);
    return new Relaying(shell(), configuration).run();
  }

  private ExitCode listen() {
    Listening where = listening.where();
    WorkerId id = id();
    Path folder = folder(id);
    Path credential = folder.resolve("credential");
    List<String> keys = keys("the platform that is to come", credential);
    Duration atMost = drain.time();
    WorkerConfiguration configuration = worker.configuration(id, folder, images());
    Vertx vertx = EventLoops.start();
    try (StopSignal stop = StopSignal.install()) {
      io.vertx.core.Context context = vertx.getOrCreateContext();
      ListeningDialer dialer = ListenOptions.dialer(context, where, keys, credential);
      WorkerAgent agent = start(() -> WorkerAgent.start(configuration, context, dialer), folder);
      shell()
          .out()
          .println(
              "ready "
                  + id
                  + " listens at "
                  + dialer.address()
                  + " with "
                  + configuration.slots()
                  + " slots");
      shell().say("on the platform: fanfare workers connect " + dialer.address());
      return stopped(agent, stop, atMost);
    } finally {
      ended(vertx.close(), Duration.ZERO);
    }
  }

  private ExitCode stopped(WorkerAgent agent, StopSignal stop, Duration atMost) {
    ExitCode code;
    try (HealthServer _ = health.open(agent::inTouch)) {
      code = stop.await();
    }
    shell()
        .say("stopping: running work has " + drain.asWritten + " to end (Ctrl-C ends it at once)");
    if (!ended(agent.drain(atMost), atMost)) {
      shell().say("some work did not end in time and is given back");
    }
    return code;
  }

  private ExitCode ssh() {
    if (gateways.isEmpty() || listening.wanted()) {
      throw CommandException.usage("--ssh goes with --gateway URL, and not with --listen");
    }
    if (name.isPresent() && ssh.hosts.size() > 1) {
      throw CommandException.usage("--name is for one worker; several are named after their hosts");
    }
    List<String> urls = gateways.stream().map(Context::checkUrl).toList();
    Duration atMost = drain.time();
    Vertx vertx = EventLoops.start();
    try (StopSignal stop = StopSignal.install()) {
      List<SshWorkers.Far> all = ssh.hosts.stream().map(host -> far(host, vertx, urls)).toList();
      var setting =
          new SshWorker.Setting(
              Distribution.ofProcess().home(),
              shell().dataFolder().resolve("java-runtimes"),
              shell()::say);
      new SshWorkers(shell(), setting)
          .run(
              all,
              stop,
              far ->
                  "ready "
                      + far.name()
                      + " at "
                      + String.join(", ", urls)
                      + " over ssh to "
                      + far.target().host(),
              atMost);
      return stop.await();
    } finally {
      ended(vertx.close(), Duration.ZERO);
    }
  }

  private SshWorkers.Far far(String host, Vertx vertx, List<String> urls) {
    try {
      SshTarget target = ssh.target(host);
      WorkerId id = id(() -> MachineName.fit(target.machine()));
      Path credential = folder(id).resolve("credential");
      var dialer =
          new FirstGoodKeyDialer(
              keys(String.join(", ", urls), credential).stream()
                  .map(key -> dialer(vertx, urls, key, credential))
                  .toList());
      List<String> arguments = new ArrayList<>(List.of("--name", id.value()));
      arguments.addAll(OptionValues.of(Objects.requireNonNull(spec.mixins().get("worker"))));
      return new SshWorkers.Far(id.value(), target, vertx.getOrCreateContext(), dialer, arguments);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--ssh: " + e.getMessage());
    }
  }

  private Optional<RevisionImages> images() {
    return Optional.of(new WorkersImages(Images.of(shell(), Optional.empty(), List.of())));
  }

  private WorkerId id() {
    return id(MachineName::get);
  }

  private WorkerId id(Supplier<String> otherwise) {
    try {
      return new WorkerId(name.orElseGet(otherwise));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--name: " + e.getMessage());
    }
  }

  private Path folder(WorkerId id) {
    return data.orElseGet(() -> shell().dataFolder().resolve("workers").resolve(id.value()))
        .toAbsolutePath()
        .normalize();
  }

  /** The credential from an earlier time, then the token. */
  private List<String> keys(String url, Path credential) {
    List<String> keys = new ArrayList<>();
    try {
      if (Files.exists(credential)) {
        keys.add(Files.readString(credential).strip());
      }
    } catch (IOException e) {
      throw CommandException.platform("cannot read " + credential + ": " + e.getMessage())
          .causedBy(e);
    }
    token.or(() -> tokenFile.map(SecretFile::read)).ifPresent(keys::add);
    if (keys.isEmpty()) {
      throw CommandException.usage("a join token is needed to work for " + url)
          .advise("get one on the platform: fanfare workers --join; then give it with --token");
    }
    return keys;
  }

  /** Tries the keys in turn until the gateway takes one, or somebody stops it. */
  private WorkerAgent connect(
      List<String> keys, StopSignal stop, Function<String, WorkerAgent> starting) {
    for (int i = 0; ; i++) {
      WorkerAgent agent = starting.apply(keys.get(i));
      try {
        stop.awaitUnlessStopped(agent.connected().toCompletionStage());
        return agent;
      } catch (CompletionException e) {
        ended(agent.close(), Duration.ZERO);
        if (i == keys.size() - 1) {
          throw refused(e);
        }
      }
    }
  }

  private static CommandException refused(CompletionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return CommandException.platform(String.valueOf(cause.getMessage()))
        .advise("on the platform: fanfare workers --join")
        .causedBy(cause);
  }

  private static Dialer dialer(Vertx vertx, List<String> urls, String key, Path credential) {
    return new AnyGatewayDialer(
        urls.stream()
            .map(url -> new WebSocketDialer(vertx, URI.create(url), key, credential))
            .toList());
  }

  private static WorkerAgent start(Supplier<WorkerAgent> starting, Path folder) {
    try {
      return starting.get();
    } catch (UncheckedIOException e) {
      throw CommandException.platform(
              "the data folder " + folder + " cannot be used: " + e.getCause())
          .advise("make it writable or choose another with --data")
          .causedBy(e);
    }
  }

  /** Waits for it, a little longer than it should take, and tells whether it ended well. */
  private static boolean ended(Future<?> ending, Duration atMost) {
    try {
      ending
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(atMost.plus(CLOSE_LIMIT).toMillis(), TimeUnit.MILLISECONDS)
          .join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }
}
