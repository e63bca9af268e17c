package dev.fanfare.deploy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the name of a jar's entry says. */
final class EntryNames {
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
  private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(\\d{1,4})/(.+)");
  static final int EVERY_RELEASE = 0;

  private EntryNames() {}

  /** Why the name must not be unpacked; empty where it may. */
  static Optional<String> danger(String name) {
    if (name.isEmpty()) {
      return Optional.of("has no name");
    }
    if (name.startsWith("/") || DRIVE.matcher(name).matches()) {
      return Optional.of("is an absolute path");
    }
    if (name.indexOf('\\') >= 0) {
      return Optional.of("has a backslash");
    }
    if (name.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
      return Optional.of("has a control character");
    }
    for (String part : name.split("/", -1)) {
      if (part.equals("..") || part.equals(".")) {
        return Optional.of("has the part '" + part + "', which can lead out of the folder");
      }
    }
    return Optional.empty();
  }

  /**
   * The class that an entry holds, for one Java release or for every one.
   *
   * @param release of a multi-release jar's folder, 0 outside of them
   */
  record ClassEntry(String binaryName, int release) {}

  /**
   * The class that the entry of this name holds, if it holds one that can have functions or types.
   */
  static Optional<ClassEntry> asClass(String name) {
    if (!name.endsWith(".class") || name.endsWith("module-info.class")) {
      return Optional.empty();
    }
    Matcher versioned = VERSIONED.matcher(name);
    boolean matches = versioned.matches();
    String path = matches ? versioned.group(2) : name;
    if (path.startsWith("META-INF/")) {
      return Optional.empty();
    }
    String binaryName = path.substring(0, path.length() - ".class".length()).replace('/', '.');
    int release = matches ? Integer.parseInt(versioned.group(1)) : EVERY_RELEASE;
    return Optional.of(new ClassEntry(binaryName, release));
  }
}
