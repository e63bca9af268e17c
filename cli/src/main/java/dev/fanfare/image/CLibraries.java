package dev.fanfare.image;

import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of this machine's C library that a Java runtime needs, as {@code ldd} names them: the
 * loader first of all.
 *
 * @param files under the names the loader looks for, which may be links
 */
record CLibraries(List<Path> files) {
  private static final Pattern LINE = Pattern.compile("(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)");

  /** Opened by name while running, so that {@code ldd} does not tell of them. */
  private static final List<String> BY_NAME =
      List.of("libgcc_s.so.1", "libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2");

  /** Those that the runtime's binaries need and that are no part of it. */
  static CLibraries of(LinkedJava java) throws IOException {
    var command = new ArrayList<>(List.of("ldd"));
    java.binaries().forEach(file -> command.add(file.toString()));
    var files = new TreeSet<Path>();
    for (String line : output(command).lines().toList()) {
      Matcher matcher = LINE.matcher(line.strip());
      if (matcher.matches()) {
        Path file = Path.of(matcher.group(1));
        if (!file.normalize().startsWith(java.folder())) {
          files.add(file);
        }
      }
    }
    if (files.stream().noneMatch(file -> file.getFileName().toString().startsWith("libc."))) {
      throw CommandException.platform("ldd names no GNU C library for " + java.folder())
          .advise("give a base image that has one: --base IMAGE");
    }
    return new CLibraries(Stream.concat(files.stream(), byName(files)).toList());
  }

  /** Beside the C library. */
  private static Stream<Path> byName(TreeSet<Path> found) {
    Path beside =
        found.stream()
            .filter(file -> file.getFileName().toString().startsWith("libc."))
            .findFirst()
            .orElseThrow();
    return BY_NAME.stream()
        .map(beside::resolveSibling)
        .filter(file -> Files.isRegularFile(file) && !found.contains(file))
        .toList()
        .stream();
  }

  private static String output(List<String> command) {
    try {
      return Output.of(command).text();
    } catch (IOException e) {
      throw CommandException.platform("there is no ldd, which tells the C libraries Java needs")
          .advise("build on a GNU/Linux machine, or give a base image: --base IMAGE")
          .causedBy(e);
    }
  }
}
