package dev.fanfare.execution;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The few functions of the C library that Java has no own words for. Linux. */
final class LibC {
  private static final int READ_WRITE = 2;
  private static final int NOT_MY_TERMINAL = 0x100;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final long SET_WINDOW_SIZE = 0x5414;
  private static final int NAME_BYTES = 128;

  private static final Linker LINKER = Linker.nativeLinker();

  private LibC() {}

  private static final class Handles {
    static final MethodHandle KILL =
        handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    static final MethodHandle OPEN_TERMINAL =
        handle("posix_openpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    static final MethodHandle GRANT = handle("grantpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    static final MethodHandle UNLOCK =
        handle("unlockpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    static final MethodHandle NAME =
        handle("ptsname_r", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
    static final MethodHandle CONTROL =
        handle(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle READ =
        handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    static final MethodHandle WRITE =
        handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Handles() {}

    @SuppressWarnings("restricted") // no memory is shared beyond a call
    private static MethodHandle handle(
        String name, FunctionDescriptor type, Linker.Option... options) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }
  }

  /** Sends a signal to a process, or with a negative number to a group; whether it was there. */
  static boolean kill(long process, int signal) {
    return (int) call(Handles.KILL, (int) process, signal) == 0;
  }

  /** The master of a new pseudo-terminal. */
  static int openTerminal() throws IOException {
    int master = (int) call(Handles.OPEN_TERMINAL, READ_WRITE | NOT_MY_TERMINAL | CLOSE_ON_EXEC);
    boolean good =
        master >= 0
            && (int) call(Handles.GRANT, master) == 0
            && (int) call(Handles.UNLOCK, master) == 0;
    if (!good) {
      throw new IOException("no pseudo-terminal is to be had");
    }
    return master;
  }

  /** The file of the terminal that a master belongs to. */
  static String terminalName(int master) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES);
      if ((int) call(Handles.NAME, master, name, (long) NAME_BYTES) != 0) {
        throw new IOException("the pseudo-terminal has no name");
      }
      return name.getString(0);
    }
  }

  static void resize(int master, Screen screen) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(JAVA_SHORT, 4);
      size.setAtIndex(JAVA_SHORT, 0, (short) screen.rows());
      size.setAtIndex(JAVA_SHORT, 1, (short) screen.columns());
      call(Handles.CONTROL, master, SET_WINDOW_SIZE, size);
    }
  }

  /** How many bytes were read into the buffer; 0 or less at the end. */
  static int read(int file, MemorySegment buffer) {
    return Math.toIntExact((long) call(Handles.READ, file, buffer, buffer.byteSize()));
  }

  /** How many bytes of the buffer were written; less than 1 if that failed. */
  static int write(int file, MemorySegment buffer) {
    return Math.toIntExact((long) call(Handles.WRITE, file, buffer, buffer.byteSize()));
  }

  static void close(int file) {
    call(Handles.CLOSE, file);
  }

  private static Object call(MethodHandle function, @Nullable Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("a function of the C library could not be called", e);
    }
  }
}
