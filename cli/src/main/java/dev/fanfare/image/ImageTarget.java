package dev.fanfare.image;

import java.nio.file.Path;

/** Where an image goes. */
public sealed interface ImageTarget {

  /** Into the engine that this program commands. */
  record Engine(String name, Path program) implements ImageTarget {}

  /** To a registry, with the credentials that {@code docker login} left. */
  record Registry(String name) implements ImageTarget {}

  /** Into a file that {@code docker load} reads; needs no engine. */
  record Tar(Path file, String name) implements ImageTarget {}
}
