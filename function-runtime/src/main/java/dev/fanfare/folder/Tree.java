package dev.fanfare.folder;

import dev.fanfare.folder.OpenFolder.Found;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A folder and all below it, by paths in it. The folders on the way to the last path that was used
 * are held open. Not thread-safe.
 */
public final class Tree implements AutoCloseable {
  private final Path base;
  private final List<String> names = new ArrayList<>();
  private final List<OpenFolder> open = new ArrayList<>();

  private Tree(Path base, OpenFolder folder) {
    this.base = base;
    open.add(folder);
  }

  /**
   * Opens a folder inside of a root that may be written.
   *
   * @param root the path of a folder, trusted
   * @param path of the folder, counted from the root, or absolute and in the root
   * @param make whether it is made, with those on the way, where it is missing
   * @return the folder; none if it is missing and not to be made
   * @throws Refusal if the path leads out of the root, or over a link
   * @throws IOException if it cannot be opened or made
   */
  public static Optional<Tree> open(Path root, String path, boolean make) throws IOException {
    Path real = root.toRealPath();
    List<String> names = inside(root, real, path);
    Tree tree = new Tree(real, OpenFolder.at(real));
    try {
      for (String name : names) {
        Optional<Tree> below = tree.enter(name, make);
        tree.close();
        if (below.isEmpty()) {
          return below;
        }
        tree = below.get();
      }
      return Optional.of(tree);
    } catch (IOException | RuntimeException e) {
      tree.close();
      throw e;
    }
  }

  private static List<String> inside(Path root, Path real, String path) throws Refusal {
    if (!path.startsWith("/")) {
      return Names.written(path);
    }
    for (Path allowed : List.of(root.toAbsolutePath().normalize(), real)) {
      String prefix = allowed.toString().equals("/") ? "" : allowed.toString();
      if (path.equals(prefix) || path.startsWith(prefix + "/")) {
        return Names.written(path.substring(prefix.length()));
      }
    }
    throw new Refusal(path + " is outside of " + root + ", which is what this worker allows");
  }

  private Optional<Tree> enter(String name, boolean make) throws IOException {
    Optional<Found> found = open.getFirst().look(name);
    if (found.isEmpty()) {
      if (!make) {
        return Optional.empty();
      }
      makeFolder(name);
    } else if (found.get().kind() != Found.Kind.FOLDER) {
      throw new Refusal(base.resolve(name) + " is " + words(found.get()) + " on the worker");
    }
    return Optional.of(new Tree(base.resolve(name), open.getFirst().child(name)));
  }

  static String words(Found found) {
    return switch (found.kind()) {
      case FOLDER -> "a folder";
      case FILE -> "a file";
      case LINK -> "a link, which is not followed,";
      case OTHER -> "neither file nor folder";
    };
  }

  /** The folder of this path, held open until another is asked for. */
  OpenFolder folder(String path) throws IOException {
    List<String> wanted = path.isEmpty() ? List.of() : List.of(path.split("/", -1));
    int same = 0;
    while (same < wanted.size()
        && same < names.size()
        && names.get(same).equals(wanted.get(same))) {
      same++;
    }
    leave(same);
    for (String name : wanted.subList(same, wanted.size())) {
      open.add(child(open.getLast(), name));
      names.add(name);
    }
    return open.getLast();
  }

  private static OpenFolder child(OpenFolder folder, String name) throws IOException {
    try {
      return folder.child(name);
    } catch (FileSystemException e) {
      Optional<Found> found = folder.look(name);
      if (found.isPresent() && found.get().kind() != Found.Kind.FOLDER) {
        throw new Refusal(name + " is " + words(found.get()) + " on the worker");
      }
      throw e;
    }
  }

  /** The folder that something is in. */
  OpenFolder parent(String path) throws IOException {
    return folder(Names.parent(path));
  }

  private void leave(int depth) throws IOException {
    while (names.size() > depth) {
      names.removeLast();
      open.removeLast().close();
    }
  }

  /**
   * Makes a folder. It is made at the top and then moved, because only a move can be told to stay
   * in the folder that is held open.
   */
  void makeFolder(String path) throws IOException {
    String temporary = temporary();
    Files.createDirectory(
        base.resolve(temporary),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (!place(temporary, path, true)) {
      throw new FileAlreadyExistsException(path);
    }
  }

  /** Makes a link, in place of a file or link that is there. */
  void makeLink(String path, String text) throws IOException {
    String temporary = temporary();
    Files.createSymbolicLink(base.resolve(temporary), Path.of(text));
    place(temporary, path, false);
  }

  private boolean place(String temporary, String path, boolean folder) throws IOException {
    OpenFolder top = open.getFirst();
    boolean placed = false;
    try {
      OpenFolder parent = parent(path);
      String name = Names.last(path);
      if (!folder || parent.look(name).isEmpty()) {
        top.move(temporary, parent, name);
        placed = true;
      }
      return placed;
    } finally {
      if (!placed) {
        remove(top, temporary, folder);
      }
    }
  }

  private static void remove(OpenFolder from, String name, boolean folder) throws IOException {
    try {
      if (folder) {
        from.deleteFolder(name);
      } else {
        from.deleteFile(name);
      }
    } catch (NoSuchFileException e) {
      // it is gone, which is what was wanted
    }
  }

  /** What a link says; only to be compared with. */
  @Nullable String linkText(String path) {
    try {
      return Files.readSymbolicLink(base.resolve(path)).toString();
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether names that differ in case alone are different names here. */
  boolean tellsCaseApart() throws IOException {
    OpenFolder top = open.getFirst();
    String name = temporary();
    top.create(name).close();
    try {
      return top.look(name.toUpperCase(Locale.ROOT)).isEmpty();
    } finally {
      top.deleteFile(name);
    }
  }

  static String temporary() {
    return dev.fanfare.sync.Listing.TEMPORARY
        + Long.toString(ThreadLocalRandom.current().nextLong(1L << 60), 36);
  }

  @Override
  public void close() throws IOException {
    leave(0);
    open.getFirst().close();
  }
}
