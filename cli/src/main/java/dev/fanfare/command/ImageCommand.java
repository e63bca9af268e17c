package dev.fanfare.command;

import dev.fanfare.image.BuiltImage;
import dev.fanfare.image.EngineProgram;
import dev.fanfare.image.ImageTarget;
import dev.fanfare.image.Images;
import dev.fanfare.output.Printer;
import dev.fanfare.platform.Version;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "image",
    description = {
      "Builds container images; no engine and no registry is needed.",
      "From scratch, an image holds a Java runtime linked from this JDK, this machine's C library"
          + " and Fanfare. It runs as user 10001 and keeps everything in /data."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ImageCommand.OfPlatform.class, ImageCommand.OfFunction.class})
final class ImageCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing: platform or function");
  }

  /** What images are built on and where they go. */
  static final class Options {
    @Option(
        names = "--base",
        paramLabel = "IMAGE",
        description =
            "The image to build on, from a registry or, as docker://NAME, from this machine's"
                + " engine; it needs a GNU C library (default: none, from scratch).")
    Optional<String> base = Optional.empty();

    @Option(
        names = "--locales",
        paramLabel = "LOCALE",
        split = ",",
        splitSynopsisLabel = ",",
        description = "Locales that its Java knows besides English, such as de,pt-BR; '*' for all.")
    List<String> locales = List.of();

    @Option(
        names = {"--to-docker", "--to-daemon"},
        paramLabel = "NAME:TAG",
        description = "Load it into this machine's Docker or Podman under this name.")
    Optional<String> docker = Optional.empty();

    @Option(
        names = "--to-registry",
        paramLabel = "NAME:TAG",
        description = "Push it, with what 'docker login' left as credentials.")
    Optional<String> registry = Optional.empty();

    @Option(
        names = "--to-tar",
        paramLabel = "FILE",
        description = "Write it to a file that 'docker load' reads.")
    Optional<Path> tar = Optional.empty();

    @Option(
        names = "--name",
        paramLabel = "NAME:TAG",
        description = "Its name in the file of --to-tar.")
    Optional<String> name = Optional.empty();

    List<ImageTarget> targets(Shell shell, String usualName) {
      var targets = new ArrayList<ImageTarget>();
      docker.ifPresent(
          to -> targets.add(new ImageTarget.Engine(to, EngineProgram.find(path(shell)))));
      registry.ifPresent(to -> targets.add(new ImageTarget.Registry(to)));
      tar.ifPresent(
          file -> targets.add(new ImageTarget.Tar(file, name.or(() -> docker).orElse(usualName))));
      if (targets.isEmpty()) {
        throw CommandException.usage("where is the image to go?")
            .advise("--to-docker NAME:TAG, --to-registry NAME:TAG or --to-tar FILE");
      }
      return targets;
    }

    Images images(Shell shell) {
      return Images.of(shell, base, locales);
    }

    private static String path(Shell shell) {
      return shell.variable("PATH").orElse("");
    }
  }

  @Command(
      name = "platform",
      description = {
        "Builds the platform's image: its program is this command line.",
        "For example: docker run -p 8080:8080 fanfare up --host 0.0.0.0 --insecure"
      })
  static final class OfPlatform extends LocalCommand {
    @Mixin Options options = new Options();

    @Override
    ExitCode run() {
      List<ImageTarget> targets = options.targets(shell(), "fanfare:" + Version.NUMBER);
      shell().say(TELL);
      tell(shell(), printer(), options.images(shell()).platform(targets));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "function",
      description = {
        "Builds the image of a function's revision: its code, and the runtime that workers start.",
        "Two revisions differ in one small layer."
      })
  static final class OfFunction extends ClientCommand {
    @Parameters(
        paramLabel = "FUNCTION",
        description = "The function, as name, name:alias or name@revision.")
    String function;

    @Mixin Options options = new Options();

    @Override
    ExitCode run(Remote remote) {
      try (FetchedRevision fetched = FetchedRevision.of(remote, function)) {
        String name = function.split("[:@]", 2)[0] + ":" + fetched.id().brief();
        List<ImageTarget> targets = options.targets(shell(), name);
        shell().say(TELL);
        tell(
            shell(),
            printer(),
            options
                .images(shell())
                .revision(targets, fetched.id(), fetched.manifest(), fetched.artifact()));
      }
      return ExitCode.OK;
    }
  }

  private static final String TELL =
      "composing the image; the first one of a JDK takes half a minute";

  private static void tell(Shell shell, Printer printer, List<BuiltImage> images) {
    for (BuiltImage image : images) {
      var json =
          Json.object()
              .put("name", image.name())
              .put("digest", image.digest())
              .put("bytes", image.bytes());
      var layers = json.putArray("layers");
      image
          .layerBytes()
          .forEach((name, bytes) -> layers.addObject().put("name", name).put("bytes", bytes));
      printer.one(json, () -> shell.out().println(line(image)));
    }
  }

  private static String line(BuiltImage image) {
    return image.name() + "  " + ByteSizes.format(image.bytes()) + "  " + image.digest();
  }
}
