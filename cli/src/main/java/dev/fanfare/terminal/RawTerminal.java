package dev.fanfare.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * This process's terminal while another program, far away, has it: every key is passed on as it is.
 * Given back when closed, or when the process ends.
 */
public final class RawTerminal implements AutoCloseable {
  private static final File TERMINAL = new File("/dev/tty");
  private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)");

  private final boolean mine;
  private final String before;
  private final Thread giveBack = new Thread(this::restore, "fanfare-terminal");
  private int columns = 80;
  private int rows = 24;

  private RawTerminal(boolean mine) {
    this.mine = mine;
    this.before = mine ? stty("-g") : "";
  }

  /**
   * Takes it.
   *
   * @param mine whether there is one; else this only has a usual size
   */
  public static RawTerminal take(boolean mine) {
    var terminal = new RawTerminal(mine);
    terminal.look();
    if (mine) {
      Runtime.getRuntime().addShutdownHook(terminal.giveBack);
      terminal.stty("raw", "-echo");
    }
    return terminal;
  }

  /** Reads its size anew. */
  public void look() {
    Matcher size = SIZE.matcher(mine ? stty("size") : "");
    if (size.find() && !size.group(1).equals("0") && !size.group(2).equals("0")) {
      rows = Integer.parseInt(size.group(1));
      columns = Integer.parseInt(size.group(2));
    }
  }

  public int columns() {
    return columns;
  }

  public int rows() {
    return rows;
  }

  @Override
  public void close() {
    if (mine) {
      Runtime.getRuntime().removeShutdownHook(giveBack);
      restore();
    }
  }

  private void restore() {
    if (!before.isBlank()) {
      stty(before);
    }
  }

  private String stty(String... words) {
    var command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(words));
    try {
      Process process = new ProcessBuilder(command).redirectInput(TERMINAL).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(5, TimeUnit.SECONDS);
      return said.strip();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
