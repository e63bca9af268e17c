package dev.fanfare.folder;

import dev.fanfare.folder.OpenFolder.Found;
import dev.fanfare.sync.Listing;
import dev.fanfare.sync.Reasons;
import dev.fanfare.sync.SyncEntry;
import dev.fanfare.sync.SyncMessage.Deed;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes the listing: makes folders and links, finds out which files differ, and in the end deletes
 * what is not listed and gives folders their modes and times.
 */
final class Layout {
  private final Tree tree;
  private final Inventory inventory;
  private final SyncRequest request;
  private final Counts counts;
  private final boolean caseMatters;
  private final Set<String> listed = new HashSet<>();
  private final Set<String> untouched = new HashSet<>();
  private final NavigableMap<String, SyncEntry> folders = new TreeMap<>();
  private final NavigableMap<Integer, SyncEntry> differing = new TreeMap<>();
  private int taken;

  Layout(Tree tree, Inventory inventory, SyncRequest request, Counts counts, boolean caseMatters) {
    this.tree = tree;
    this.inventory = inventory;
    this.request = request;
    this.counts = counts;
    this.caseMatters = caseMatters;
  }

  /** Files that are not here as they are listed, by their index. */
  NavigableMap<Integer, SyncEntry> differing() {
    return differing;
  }

  int taken() {
    return taken;
  }

  void take(SyncEntry entry) throws Refusal {
    int index = taken++;
    if (taken > Listing.MOST_ENTRIES) {
      throw new Refusal("a listing has at most " + Listing.MOST_ENTRIES + " entries");
    }
    String path = entry.path();
    if (isUntouched(path)) {
      counts.failedToo();
      return;
    }
    try {
      Names.listed(path);
      if (entry.kind() == SyncEntry.Kind.UNREADABLE) {
        leaveAlone(path);
        return;
      }
      if (!listed.add(folded(path))) {
        throw new Refusal("another entry has this name");
      }
      switch (entry.kind()) {
        case FOLDER -> folder(index, entry);
        case LINK -> link(index, entry);
        case FILE -> file(index, entry);
        case UNREADABLE -> {}
      }
    } catch (IOException | InvalidPathException e) {
      counts.failed(index, path, Reasons.words(e));
      leaveAlone(path);
    }
  }

  private String folded(String path) {
    return caseMatters
        ? path
        : Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  /** Nothing is done there from now on. */
  private void leaveAlone(String path) {
    untouched.add(path);
    inventory.keep(path);
  }

  private boolean isUntouched(String path) {
    if (!untouched.isEmpty()) {
      for (String above = path; !above.isEmpty(); above = Names.parent(above)) {
        if (untouched.contains(above)) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- entries ----

  private void folder(int index, SyncEntry entry) throws IOException {
    String path = entry.path();
    Found found = inventory.get(path);
    if (found != null && found.kind() == Found.Kind.LINK) {
      throw new Refusal("it is " + Tree.words(found) + " on the worker");
    }
    if (found != null && found.kind() == Found.Kind.FOLDER) {
      openToOwner(path, found);
    } else {
      if (found != null) {
        delete(path, found);
      }
      if (!request.dryRun()) {
        tree.makeFolder(path);
      }
      counts.done(Deed.MADE, index, path);
    }
    folders.put(path, entry);
  }

  /** While it is worked on. */
  private void openToOwner(String path, Found found) throws IOException {
    if (!request.dryRun() && (found.mode() & 0700) != 0700) {
      tree.parent(path).setMode(Names.last(path), found.mode() | 0700);
    }
  }

  private void link(int index, SyncEntry entry) throws IOException {
    String path = entry.path();
    if (entry.link().isEmpty()) {
      throw new Refusal("a link leads somewhere");
    }
    if (!request.keepLinks() && Names.leadsOutside(path, entry.link())) {
      throw new Refusal(
          "it is a link to " + entry.link() + ", outside of the folder (--keep-links makes it)");
    }
    Found found = inventory.get(path);
    if (found != null
        && found.kind() == Found.Kind.LINK
        && entry.link().equals(tree.linkText(path))) {
      counts.unchanged();
      return;
    }
    makeWay(path, found);
    if (!request.dryRun()) {
      tree.makeLink(path, entry.link());
    }
    counts.done(Deed.LINKED, index, path);
  }

  private void file(int index, SyncEntry entry) throws IOException {
    String path = entry.path();
    if (entry.size() < 0) {
      throw new Refusal("a file has no size of " + entry.size());
    }
    Found found = inventory.get(path);
    if (found != null && !request.checksum() && isSame(found, entry)) {
      if (found.mode() != entry.mode() && !request.dryRun()) {
        tree.parent(path).setMode(Names.last(path), entry.mode());
      }
      counts.unchanged();
    } else {
      makeWay(path, found);
      differing.put(index, entry);
    }
  }

  private static boolean isSame(Found found, SyncEntry entry) {
    return found.kind() == Found.Kind.FILE
        && found.size() == entry.size()
        && found.mtimeMicros() == entry.mtimeMicros();
  }

  /** A folder gives way to a file or link only where deletion was asked for. */
  private void makeWay(String path, @org.jspecify.annotations.Nullable Found found)
      throws IOException {
    if (found == null || found.kind() != Found.Kind.FOLDER) {
      return;
    }
    if (!request.delete()) {
      throw new Refusal("it is a folder on the worker (--delete removes it)");
    }
    if (inventory.keeps(path)) {
      throw new Refusal("it is a folder on the worker with something that is excluded");
    }
    for (String below : inventory.below(path)) {
      Found one = inventory.get(below);
      if (one != null) {
        delete(below, one);
      }
    }
    delete(path, found);
  }

  private void delete(String path, Found found) throws IOException {
    if (!request.dryRun()) {
      OpenFolder parent = tree.parent(path);
      if (found.kind() == Found.Kind.FOLDER) {
        parent.deleteFolder(Names.last(path));
      } else {
        parent.deleteFile(Names.last(path));
      }
    }
    inventory.forget(path);
    counts.done(Deed.DELETED, -1, path);
  }

  // ---- the end ----

  /** After all files are in their places. */
  void finish() {
    if (request.delete()) {
      deleteUnlisted();
    }
    if (!request.dryRun()) {
      folders.descendingMap().forEach(this::settle);
    }
  }

  private void deleteUnlisted() {
    for (String path : inventory.pathsFromBelow()) {
      Found found = inventory.get(path);
      if (found == null
          || listed.contains(folded(path))
          || inventory.keeps(path)
          || isUntouched(path)) {
        continue;
      }
      try {
        delete(path, found);
      } catch (IOException e) {
        counts.failed(-1, path, "it cannot be deleted: " + Reasons.words(e));
      }
    }
  }

  private void settle(String path, SyncEntry entry) {
    try {
      OpenFolder parent = tree.parent(path);
      String name = Names.last(path);
      Found now = parent.look(name).orElse(null);
      if (now != null && now.mtimeMicros() != entry.mtimeMicros()) {
        parent.setTime(name, entry.mtimeMicros());
      }
      if (now != null && now.mode() != entry.mode()) {
        parent.setMode(name, entry.mode());
      }
    } catch (IOException e) {
      counts.failed(-1, path, "it does not get its mode and time: " + Reasons.words(e));
    }
  }
}
