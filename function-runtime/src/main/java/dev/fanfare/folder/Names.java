package dev.fanfare.folder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which paths and links stay in a folder, told from their text alone. */
final class Names {
  private static final int MOST_BYTES = 255;
  private static final int MOST_DEPTH = 200;

  private Names() {}

  /** The names of a listed path: just names, each a plain one. */
  static List<String> listed(String path) throws Refusal {
    List<String> names = List.of(path.split("/", -1));
    if (names.size() > MOST_DEPTH) {
      throw new Refusal("it is more than " + MOST_DEPTH + " folders deep");
    }
    for (String name : names) {
      check(name);
    }
    return names;
  }

  /** The names of a path that a user wrote: a slash too many and single dots do no harm. */
  static List<String> written(String path) throws Refusal {
    var names = new ArrayList<String>();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        check(name);
        names.add(name);
      }
    }
    return names;
  }

  private static void check(String name) throws Refusal {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new Refusal("a path has no part '" + name + "' here");
    }
    if (name.indexOf('\0') >= 0 || name.indexOf('\\') >= 0 && java.io.File.separatorChar == '\\') {
      throw new Refusal("it is no name of a file here");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw new Refusal("a name has at most " + MOST_BYTES + " bytes");
    }
  }

  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Whether a link may lead out of the folder that its path counts from. Up is only good at its
   * beginning: behind a name, which may be a link itself, nobody knows from where it goes up.
   */
  static boolean leadsOutside(String path, String text) {
    if (text.isEmpty() || text.startsWith("/") || text.indexOf('\0') >= 0) {
      return true;
    }
    int depth = path.split("/", -1).length - 1;
    boolean down = false;
    for (String part : text.split("/", -1)) {
      if (part.equals("..")) {
        depth--;
        if (down || depth < 0) {
          return true;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        down = true;
      }
    }
    return false;
  }
}
