package dev.fanfare.blackbox;

import java.nio.file.Path;

/** The source of functions that misbehave in every way a platform must withstand. */
final class TroublesomeFunctions {
  private TroublesomeFunctions() {}

  /** The program that functions start which leave processes behind. */
  static final String CHILD = "864000.25";

  static Path jar(Path folder) {
    return TestJar.of(folder, "Trouble", SOURCE);
  }

  private static final String SOURCE =
      """
      import dev.fanfare.function.Fn;
      import dev.fanfare.function.Invocation;
      import dev.fanfare.function.Reject;
      import java.util.ArrayList;
      import java.util.List;

      public class Trouble {
        public record Size(int width, String unit) {}
        public static class Node { public Node next; public Node getNext() { return next; } }
        public static class Rude extends RuntimeException {
          @Override public String toString() { throw new IllegalStateException("no words"); }
          @Override public String getMessage() { throw new IllegalStateException("no message"); }
        }
        public static class Broken {
          static { if (true) throw new IllegalStateException("static trouble"); }
          static int value() { return 1; }
        }

        @Fn public String fine(String text) { return "fine: " + text; }
        @Fn public int area(Size size) { return size.width() * size.width(); }
        @Fn public int add(int left, int right) { return left + right; }
        @Fn public void throwing() { throw new IllegalArgumentException("thrown on purpose"); }
        @Fn public void rude() { throw new Rude(); }
        @Fn public void refuses() { throw new Reject(418, "a teapot by its own word"); }
        @Fn public Node cyclic() { Node n = new Node(); n.next = n; return n; }
        @Fn(memory = "1600m", timeout = "60s") public byte[] gigabyte() { return new byte[1 << 30]; }
        @Fn public void exits() { System.exit(7); }
        @Fn public void halts() { Runtime.getRuntime().halt(9); }
        @Fn(memory = "64m") public int memory() {
          List<byte[]> all = new ArrayList<>();
          while (true) all.add(new byte[1 << 20]);
        }
        @Fn(timeout = "1s") public void forever() { while (true) { Thread.onSpinWait(); } }
        @Fn public int leaks() {
          for (int i = 0; i < 50; i++) Thread.ofPlatform().daemon().start(Trouble::park);
          Thread.ofPlatform().daemon(false).start(Trouble::park);
          return 51;
        }
        @Fn(timeout = "50s") public void flood() {
          byte[] block = ("x".repeat(99) + "\\n").repeat(1000).getBytes();
          for (int i = 0; i < 10_000; i++) System.out.write(block, 0, block.length);
        }
        @Fn(timeout = "50s") public void endlessLine() {
          byte[] block = "y".repeat(1 << 20).getBytes();
          for (int i = 0; i < 1024; i++) System.out.write(block, 0, block.length);
        }
        @Fn(timeout = "30s") public void segfaults() throws Exception {
          var field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
          field.setAccessible(true);
          Object unsafe = field.get(null);
          unsafe.getClass().getMethod("putAddress", long.class, long.class).invoke(unsafe, 0L, 0L);
        }
        @Fn(timeout = "1s") public void deadlocks() throws InterruptedException {
          Object one = new Object();
          Object other = new Object();
          Thread opposite = new Thread(() -> inTurn(other, one));
          opposite.start();
          inTurn(one, other);
          opposite.join();
        }
        private static void inTurn(Object first, Object second) {
          synchronized (first) {
            try { Thread.sleep(100); } catch (InterruptedException e) { return; }
            synchronized (second) { first.hashCode(); }
          }
        }
        @Fn(timeout = "50s") public java.io.InputStream endlessStream() {
          return new java.io.InputStream() {
            @Override public int read() { return 'z'; }
            @Override public int read(byte[] bytes, int from, int length) { return length; }
          };
        }
        public static class Unwritable { public int getValue() { throw new IllegalStateException("cannot be read"); } }
        @Fn public Unwritable unwritable() { return new Unwritable(); }
        public static class Missing { static int value() { return 1; } }
        @Fn public int classMissing() { return Missing.value(); }
        @Fn(timeout = "2s") public void breeds() throws Exception {
          for (int i = 0; i < 10; i++) new ProcessBuilder("sleep", "864000.25").start();
          String doubling = "[ $1 -gt 0 ] || exec sleep 864000.25; "
              + "for i in 1 2; do setsid sh -c \\"$0\\" \\"$0\\" $(($1-1)) & done";
          new ProcessBuilder("sh", "-c", doubling, doubling, "5").start();
          String steady = "i=0; while [ $((i+=1)) -lt 200 ]; do setsid sleep 864000.25 & sleep 0.05; done";
          new ProcessBuilder("setsid", "sh", "-c", steady).start();
          while (true) Thread.onSpinWait();
        }
        @Fn public void abandons() throws Exception {
          new ProcessBuilder("sh", "-c", "setsid sleep 864000.25 & setsid sleep 864000.25 &").start().waitFor();
          System.exit(3);
        }
        @Fn public int staticTrouble() { return Broken.value(); }
        @Fn public String slow(int millis) throws InterruptedException {
          Thread.sleep(millis); return "slept " + millis;
        }
        @Fn public long process() { return ProcessHandle.current().pid(); }
        @Fn public int environment() { return System.getenv().size(); }
        @Fn(labels = "gpu=a100") public String onGpu() { return "gpu"; }
        @Fn(retries = 2) public int thirdTime(Invocation invocation) {
          if (invocation.attempt() < 3) throw new IllegalStateException("attempt " + invocation.attempt());
          return invocation.attempt();
        }

        private static void park() {
          try { Thread.sleep(3_600_000); } catch (InterruptedException e) { throw new IllegalStateException(e); }
        }
      }
      """;
}
