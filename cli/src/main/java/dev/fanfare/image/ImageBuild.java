package dev.fanfare.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.DockerDaemonImage;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import dev.fanfare.platform.Version;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns a recipe into images, layers kept in {@code cache}. */
record ImageBuild(ImageRecipe recipe, Path cache, String path, Consumer<String> tell) {
  private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.[0-9.]+)(:[0-9]+)?/");

  BuiltImage to(ImageTarget target) {
    try {
      return switch (target) {
        case ImageTarget.Engine(String name, Path program) ->
            built(target, name, Containerizer.to(engine(reference(name), program)));
        case ImageTarget.Registry(String name) ->
            built(target, name, Containerizer.to(registry(reference(name))));
        case ImageTarget.Tar(Path file, String name) ->
            built(target, name, Containerizer.to(TarImage.at(file).named(reference(name))));
      };
    } catch (IOException | CacheDirectoryCreationException e) {
      throw inWords(target, e);
    } catch (RegistryException e) {
      throw inWords(target, e);
    } catch (ExecutionException e) {
      throw inWords(target, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.interrupted();
    }
  }

  private BuiltImage built(ImageTarget target, String name, Containerizer containerizer)
      throws IOException,
          InterruptedException,
          ExecutionException,
          RegistryException,
          CacheDirectoryCreationException {
    Files.createDirectories(cache);
    containerizer
        .setToolName("fanfare")
        .setToolVersion(Version.NUMBER)
        .setAllowInsecureRegistries(onThisMachine(target))
        .setBaseImageLayersCache(cache)
        .setApplicationLayersCache(cache)
        .addEventHandler(LogEvent.class, this::log);
    JibContainer container = contents().containerize(containerizer);
    return new BuiltImage(name, container.getDigest().toString(), recipe.layerBytes());
  }

  /** Registries on loopback may do without TLS, as for Docker; a build with any other may not. */
  private boolean onThisMachine(ImageTarget target) {
    Stream<String> to =
        target instanceof ImageTarget.Registry(String name) ? Stream.of(name) : Stream.empty();
    return Stream.concat(to, recipe.base().stream())
        .allMatch(name -> LOOPBACK.matcher(name).lookingAt());
  }

  private JibContainerBuilder contents() throws IOException {
    return start()
        .setFileEntriesLayers(recipe.layers())
        .setEntrypoint(recipe.entrypoint())
        .setEnvironment(recipe.environment())
        .setLabels(recipe.labels())
        .setUser(Layers.USER + ":" + Layers.USER)
        .setWorkingDirectory(AbsoluteUnixPath.get(Layers.DATA));
  }

  private JibContainerBuilder start() {
    if (recipe.base().isEmpty()) {
      return Jib.fromScratch().setPlatforms(Set.of(new Platform(architecture(), "linux")));
    }
    String base = recipe.base().get();
    ImageReference reference = reference(base.startsWith("docker://") ? base.substring(9) : base);
    return base.startsWith("docker://")
        ? Jib.from(engine(reference, EngineProgram.find(path)))
        : Jib.from(registry(reference)).setPlatforms(Set.of(new Platform(architecture(), "linux")));
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "amd64");
    return name.equals("aarch64") ? "arm64" : name;
  }

  private static DockerDaemonImage engine(ImageReference reference, Path program) {
    return DockerDaemonImage.named(reference).setDockerExecutable(program);
  }

  private RegistryImage registry(ImageReference reference) {
    RegistryImage image = RegistryImage.named(reference);
    CredentialRetriever login =
        CredentialRetrieverFactory.forImage(reference, this::log).dockerConfig();
    return image.addCredentialRetriever(login);
  }

  private static ImageReference reference(String name) {
    try {
      return ImageReference.parse(name);
    } catch (InvalidImageReferenceException e) {
      throw CommandException.usage("'" + name + "' is no image name, such as fanfare:1.0")
          .causedBy(e);
    }
  }

  private void log(LogEvent event) {
    switch (event.getLevel()) {
      case ERROR, WARN -> tell.accept(event.getMessage());
      case LIFECYCLE, PROGRESS, INFO, DEBUG -> {}
    }
  }

  private static CommandException inWords(ImageTarget target, Throwable cause) {
    String why = String.valueOf(cause.getMessage()).strip();
    return switch (target) {
      case ImageTarget.Engine _ ->
          CommandException.platform("the engine did not take the image: " + why)
              .advise("see that it runs (docker info), or write a file: --to-tar FILE")
              .causedBy(cause);
      case ImageTarget.Registry(String name) ->
          CommandException.platform("the image could not be pushed to " + name + ": " + why)
              .advise("docker login, or write a file: --to-tar FILE")
              .causedBy(cause);
      case ImageTarget.Tar(Path file, String _) ->
          CommandException.platform("the image could not be written to " + file + ": " + why)
              .causedBy(cause);
    };
  }
}
