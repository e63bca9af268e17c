package dev.fanfare.container;

import java.util.Optional;

/**
 * What functions that demand a container are to run in.
 *
 * @param engine whose containers
 * @param image of all containers; absent for one of each revision's own
 * @param images what makes those; absent where nothing can
 * @param network the engine's network that containers are on; absent for none at all
 */
public record ContainerSettings(
    Engine.Choice engine,
    Optional<String> image,
    Optional<RevisionImages> images,
    Optional<String> network) {
  /** No containers. */
  public static final ContainerSettings NONE =
      new ContainerSettings(
          Engine.Choice.NONE, Optional.empty(), Optional.empty(), Optional.empty());

  /** Whether somebody asked for them, so that their lack is worth a word. */
  boolean wanted() {
    return engine == Engine.Choice.DOCKER || engine == Engine.Choice.PODMAN || image.isPresent();
  }

  /** Whether there is anything to make containers of. */
  boolean complete() {
    return engine != Engine.Choice.NONE
        && (image.isPresent() || images.filter(RevisionImages::possible).isPresent());
  }
}
