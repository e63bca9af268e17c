package dev.fanfare.image;

import dev.fanfare.cache.CachedRevision;
import dev.fanfare.container.Engine;
import dev.fanfare.container.RevisionImages;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Revisions' images as a worker needs them: from scratch, in its engine, one built at a time. They
 * have all but the layer of the function in common.
 */
public final class WorkersImages implements RevisionImages {
  private final Images images;
  private final ReentrantLock building = new ReentrantLock();

  public WorkersImages(Images images) {
    this.images = images;
  }

  @Override
  public boolean possible() {
    return Files.isExecutable(images.java().resolve("bin").resolve("jlink"));
  }

  @Override
  public String of(CachedRevision revision, Engine engine, String repository) throws IOException {
    building.lock();
    try {
      String name = repository + ":" + revision.id().hash().brief() + "-" + runtime();
      if (!engine.has(name)) {
        List<ImageTarget> target = List.of(new ImageTarget.Engine(name, engine.program()));
        images.revision(target, revision.id(), revision.manifestFile(), revision.artifactFile());
      }
      return name;
    } catch (CommandException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      building.unlock();
    }
  }

  /** Changes with the runtime that functions are given. */
  private String runtime() throws IOException {
    var words = new StringBuilder(images.java().toString());
    for (Path jar : images.jars("runtime-lib")) {
      words.append(jar.getFileName()).append(Files.size(jar));
      words.append(Files.getLastModifiedTime(jar).toMillis());
    }
    return Sha256.of(words.toString().getBytes(StandardCharsets.UTF_8)).brief();
  }
}
