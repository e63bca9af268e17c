package dev.fanfare.folder;

import dev.fanfare.folder.OpenFolder.Found;
import dev.fanfare.sync.Exclusion;
import dev.fanfare.sync.Listing;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a tree had when it was looked at, by path; what is excluded is not in it. */
final class Inventory {
  private static final long OLD_MICROS = Duration.ofDays(1).toMillis() * 1_000;

  private final TreeMap<String, Found> all = new TreeMap<>();
  private final Set<String> kept = new HashSet<>();
  private final boolean cleaning;

  private Inventory(boolean cleaning) {
    this.cleaning = cleaning;
  }

  static Inventory empty() {
    return new Inventory(false);
  }

  /** Looks at all of it; if wanted removes what syncs that were killed left behind a day ago. */
  static Inventory of(Tree tree, Exclusion exclusion, boolean cleaning) throws IOException {
    var inventory = new Inventory(cleaning);
    try (OpenFolder top = tree.folder("").child(".")) {
      inventory.add(top, "", exclusion);
    }
    return inventory;
  }

  private void add(OpenFolder folder, String path, Exclusion exclusion) throws IOException {
    for (String name : folder.names()) {
      String below = path.isEmpty() ? name : path + "/" + name;
      Found found = folder.look(name).orElse(null);
      if (found == null) {
        continue;
      }
      if (exclusion.matches(below)) {
        keep(path);
      } else if (name.startsWith(Listing.TEMPORARY)) {
        removeIfOld(folder, name, found);
      } else {
        if (all.size() == Listing.MOST_ENTRIES) {
          throw new Refusal("it has more than " + Listing.MOST_ENTRIES + " entries");
        }
        all.put(below, found);
        if (found.kind() == Found.Kind.FOLDER) {
          enter(folder, name, below, exclusion);
        }
      }
    }
  }

  private void enter(OpenFolder folder, String name, String path, Exclusion exclusion)
      throws IOException {
    try (OpenFolder child = folder.child(name)) {
      add(child, path, exclusion);
    } catch (AccessDeniedException e) {
      keep(path);
    }
  }

  private void removeIfOld(OpenFolder folder, String name, Found found) throws IOException {
    if (cleaning
        && found.kind() != Found.Kind.FOLDER
        && found.mtimeMicros() < System.currentTimeMillis() * 1_000 - OLD_MICROS) {
      folder.deleteFile(name);
    }
  }

  /** There is something in the folder that is to stay, so the folder does. */
  void keep(String path) {
    for (String above = path; !above.isEmpty(); above = Names.parent(above)) {
      kept.add(above);
    }
  }

  @Nullable Found get(String path) {
    return all.get(path);
  }

  void forget(String path) {
    all.remove(path);
  }

  /** Whether the folder has something that is to stay, whatever is deleted. */
  boolean keeps(String path) {
    return kept.contains(path);
  }

  /** All paths; those below a folder come behind it. */
  List<String> paths() {
    return List.copyOf(all.keySet());
  }

  /** All paths, those below a folder before it. */
  List<String> pathsFromBelow() {
    return List.copyOf(all.descendingKeySet());
  }

  /** The paths below a folder, the deepest first. */
  List<String> below(String path) {
    return List.copyOf(all.subMap(path + "/", true, path + "0", false).descendingKeySet());
  }
}
