package dev.fanfare.terminal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A shell with a folder of its own whose output is kept. */
public final class CapturedShell {
  private final Path home;
  private final Map<String, String> environment = new TreeMap<>();
  private final Set<Stream> terminals = EnumSet.of(Stream.IN);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] in = new byte[0];

  public CapturedShell(Path home) {
    this.home = home;
  }

  public CapturedShell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public CapturedShell terminal(Stream stream) {
    terminals.add(stream);
    return this;
  }

  /** Gives standard input through a pipe. */
  public CapturedShell piped(byte[] input) {
    terminals.remove(Stream.IN);
    in = input.clone();
    return this;
  }

  public Shell shell() {
    return new Shell(
        environment, home, new ByteArrayInputStream(in), stream(out), stream(err), terminals);
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public byte[] outBytes() {
    return out.toByteArray();
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
