package dev.fanfare.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.function.Fn;
import dev.fanfare.function.Invocation;
import dev.fanfare.function.Reject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Functions, good and bad, that tests put into a jar. */
@SuppressWarnings("all") // what is wrong with them is the point
public class Samples {
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final CyclicBarrier EIGHT = new CyclicBarrier(8);
  private static final AtomicInteger INSIDE = new AtomicInteger();

  /** Not put into the jar. */
  public static class Gone {}

  public static class Broken {
    private static final String VALUE = Optional.<String>empty().orElseThrow();

    static String value() {
      return VALUE;
    }
  }

  public static class Node {
    public Node next = this;
  }

  public static class Opaque {
    private final int hidden = 1;
  }

  public static class Nasty extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("and no message");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("and no text");
    }
  }

  // ---- good ones ----

  @Fn(max = 1)
  public String napAlone(int millis) throws InterruptedException {
    return napIn(millis);
  }

  @Fn
  public JsonNode echo(JsonNode body) {
    return body;
  }

  @Fn
  public String shout(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  @Fn
  public byte[] reverse(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  @Fn
  public int count() {
    return CALLS.incrementAndGet();
  }

  @Fn
  public void sleep(int millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  /** Says when it has begun. */
  @Fn
  public void nap(int millis) throws InterruptedException {
    System.out.println("napping");
    sleep(millis);
  }

  /** The same, until there is such a file. */
  @Fn
  public void napUntil(String path) throws InterruptedException {
    System.out.println("napping");
    while (!Files.exists(Path.of(path))) {
      sleep(10);
    }
  }

  /** Says where it was. */
  @Fn
  public String napIn(int millis) throws InterruptedException {
    sleep(millis);
    return String.valueOf(ProcessHandle.current().pid());
  }

  @Fn(concurrency = 8)
  public String together() throws Exception {
    EIGHT.await(10, TimeUnit.SECONDS);
    return "together";
  }

  @Fn
  public Map<String, String> surroundings() {
    return Map.of(
        "environment", System.getenv().keySet().toString(),
        "folder", System.getProperty("user.dir"),
        "encoding", System.getProperty("sun.jnu.encoding"),
        "pid", String.valueOf(ProcessHandle.current().pid()));
  }

  @Fn
  public String hidden() {
    try {
      Class.forName("dev.fanfare.runtime.RuntimeMain");
      return "seen";
    } catch (ClassNotFoundException e) {
      return "hidden";
    }
  }

  @Fn
  public int input() throws IOException {
    return System.in.read();
  }

  // ---- bad ones ----

  @Fn
  public void reject() {
    throw new Reject(422, "quantity must be at least 1");
  }

  @Fn
  public void fail() {
    throw new IllegalStateException("boom", new IOException("deep"));
  }

  @Fn
  public void nasty() {
    throw new Nasty();
  }

  @Fn
  public String broken() {
    return Broken.value();
  }

  @Fn
  public String missing() {
    return new Gone().toString();
  }

  @Fn
  public Node cyclic() {
    return new Node();
  }

  @Fn
  public Opaque opaque() {
    return new Opaque();
  }

  @Fn
  public String big(int size) {
    return "x".repeat(size);
  }

  /** A result of as many megabytes that is never in memory at once. */
  @Fn
  public Iterable<String> vast(int megabytes) {
    String megabyte = "v".repeat(1 << 20);
    return () -> java.util.stream.Stream.generate(() -> megabyte).limit(megabytes).iterator();
  }

  @Fn
  public void exit(int code) {
    System.exit(code);
  }

  @Fn
  public void halt(int code) {
    Runtime.getRuntime().halt(code);
  }

  /** Ends its process with this code, unless it is 0. */
  @Fn
  public int fragile(int code) {
    if (code != 0) {
      halt(code);
    }
    return code;
  }

  /**
   * Does as {@link #fragile} does; at its first attempt once seven others are here, and they wait
   * for the end. Says how many were in it at once.
   */
  @Fn(concurrency = 8)
  public int fragileTogether(int code, Invocation invocation) throws Exception {
    int inside = INSIDE.incrementAndGet();
    if (invocation.attempt() == 1) {
      EIGHT.await(20, TimeUnit.SECONDS);
    }
    if (code != 0) {
      halt(code);
    }
    if (invocation.attempt() == 1) {
      new CountDownLatch(1).await(60, TimeUnit.SECONDS);
    }
    INSIDE.decrementAndGet();
    return inside;
  }

  @Fn(memory = "48m")
  public int memory() {
    var all = new ArrayList<byte[]>();
    while (true) {
      all.add(new byte[1 << 20]);
    }
  }

  @Fn(timeout = "300ms")
  public void loop() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  @Fn(timeout = "300ms")
  public void slow() throws InterruptedException {
    sleep(60_000);
  }

  /** Its initialiser takes four seconds; an interrupt spoils it. */
  private static final class Late {
    static {
      try {
        new Samples().sleep(4_000);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    static String name() {
      return "late";
    }
  }

  @Fn(timeout = "1s")
  public String quick() {
    return "quick";
  }

  @Fn(timeout = "1s")
  public String hasty() {
    return Late.name();
  }

  @Fn(timeout = "30s")
  public String patient() {
    return Late.name();
  }

  @Fn
  public String leak(int threads) {
    for (int i = 0; i < threads; i++) {
      var sleeper =
          new Thread(
              () -> {
                try {
                  sleep(60_000);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      sleeper.setDaemon(i % 2 == 0);
      sleeper.start();
    }
    return "leaked " + threads;
  }

  // ---- output ----

  @Fn
  public String print() throws InterruptedException {
    System.out.println("to out");
    System.err.print("to err");
    System.getLogger("mine").log(System.Logger.Level.WARNING, "logged {0}", 7);
    java.util.logging.Logger.getLogger("his").info("julged");
    Thread child = new Thread(() -> System.out.println("from a child"));
    child.start();
    child.join();
    System.out.print("unfinished");
    return "printed";
  }

  @Fn
  public int flood(int megabytes) {
    var line = ("z".repeat(1023) + "\n").repeat(1024);
    for (int i = 0; i < megabytes; i++) {
      System.out.print(line);
    }
    return megabytes;
  }

  @Fn
  public int endlessLine(int megabytes) {
    var piece = "q".repeat(1 << 20);
    for (int i = 0; i < megabytes; i++) {
      System.out.print(piece);
    }
    return megabytes;
  }
}
