package dev.fanfare.execution;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * All processes that a process started, however far they went away from it. On Linux they are known
 * by a mark in their environment, which is inherited, or by their session; elsewhere by their
 * parents only, while those live.
 */
public final class Offspring {
  /** The variable that holds a command's mark. */
  static final String COMMAND = "FANFARE_COMMAND";

  /** The variable that holds a runtime's mark, which its commands have, too. */
  public static final String RUNTIME = "FANFARE_RUNTIME";

  private static final Path PROCESSES = Path.of("/proc");

  /** Rounds after which one that forks faster than it is killed is given up. */
  private static final int MOST_ROUNDS = 50;

  /** For those killed to be gone. */
  private static final long PAUSE_NANOS = 500_000;

  private final ProcessHandle first;
  private final byte[] mark;

  /** Of a process that was started with this variable in its environment. */
  public Offspring(ProcessHandle first, String variable, String mark) {
    this.first = first;
    this.mark = (variable + "=" + mark).getBytes(ISO_8859_1);
  }

  /** Kills it and all of them, again until none is found. Blocks for milliseconds. */
  public void kill() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<ProcessHandle> found = living();
      found.forEach(ProcessHandle::destroyForcibly);
      if (found.isEmpty()) {
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private List<ProcessHandle> living() {
    Set<Long> ids = new TreeSet<>();
    if (first.isAlive()) {
      ids.add(first.pid());
      first.descendants().forEach(child -> ids.add(child.pid()));
    }
    if (Files.isDirectory(PROCESSES)) {
      addMarked(ids);
    }
    var found = new ArrayList<ProcessHandle>();
    for (long id : ids) {
      ProcessHandle.of(id).filter(ProcessHandle::isAlive).ifPresent(found::add);
    }
    return found;
  }

  private void addMarked(Set<Long> ids) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path folder : folders) {
        long id = Long.parseLong(String.valueOf(folder.getFileName()));
        if (isMarked(folder)) {
          ids.add(id);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the processes cannot be listed", e);
    }
  }

  /** What has ended, or is another user's, is not. */
  private boolean isMarked(Path folder) {
    try {
      return !isZombie(folder)
          && (contains(Files.readAllBytes(folder.resolve("environ"))) || isOfSession(folder));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean contains(byte[] environment) {
    for (int start = 0; start + mark.length <= environment.length; ) {
      int end = start;
      while (end < environment.length && environment[end] != 0) {
        end++;
      }
      if (Arrays.equals(environment, start, end, mark, 0, mark.length)) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  private boolean isOfSession(Path folder) throws IOException {
    return fields(folder)[3].equals(Long.toString(first.pid()));
  }

  private static boolean isZombie(Path folder) throws IOException {
    return fields(folder)[0].equals("Z");
  }

  /** State, parent, group, session, … (proc(5)), behind the name, which may hold anything. */
  private static String[] fields(Path folder) throws IOException {
    String text = new String(Files.readAllBytes(folder.resolve("stat")), ISO_8859_1);
    return text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
  }
}
