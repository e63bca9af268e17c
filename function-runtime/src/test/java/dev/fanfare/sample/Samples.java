package dev.fanfare.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.function.Fn;
import dev.fanfare.function.Invocation;
import dev.fanfare.function.Isolation;
import dev.fanfare.function.Reject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Functions that tests put into a jar; those that make trouble are {@link Troubles}. */
@SuppressWarnings("all") // what is wrong with them is the point
public class Samples {
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final CyclicBarrier EIGHT = new CyclicBarrier(8);

  public enum Fit {
    COVER,
    CONTAIN
  }

  public record Size(int width, int height) {}

  public record Resize(
      String source, Size size, Optional<Fit> fit, @Nullable String note, List<Integer> steps) {}

  public record Times(Instant at, LocalDate day, Duration took) {}

  public record Positive(int value) {
    public Positive {
      if (value < 1) {
        throw new IllegalArgumentException("value must be positive, not " + value);
      }
    }
  }

  public record Picky(int value) {
    public Picky {
      if (value == 13) {
        throw new Reject(451, "not this one");
      }
    }
  }

  public sealed interface Shape {}

  public record Circle(double radius) implements Shape {}

  public record UnitSquare() implements Shape {}

  // ---- arguments and results ----

  @Fn
  public JsonNode echo(JsonNode body) {
    return body;
  }

  @Fn
  public Resize resize(Resize request) {
    return request;
  }

  @Fn
  public String thumbnail(String source, int width, Optional<Integer> quality, @Nullable Fit fit) {
    return source + " " + width + " " + quality + " " + fit;
  }

  @Fn
  public int positive(Positive positive) {
    return positive.value();
  }

  @Fn
  public int twice(int number) {
    return 2 * number;
  }

  @Fn
  public String weekday(LocalDate day, Invocation invocation) {
    return day.getDayOfWeek() + " " + invocation.attempt();
  }

  /** What a form may hold. */
  public record Ordered(String article, int pieces, boolean gift, List<Integer> sizes) {}

  @Fn
  public Ordered order(Ordered order) {
    return order;
  }

  @Fn
  public int picky(Picky picky) {
    return picky.value();
  }

  @Fn
  public Times times(Times times) {
    return times;
  }

  @Fn
  public Shape shape(Shape shape) {
    return shape;
  }

  @Fn
  public List<Shape> shapes() {
    return List.of(new Circle(2), new UnitSquare());
  }

  @Fn
  public int words(String text) {
    return text.isBlank() ? 0 : text.split("\\s+").length;
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
  public InputStream copy(InputStream body) {
    return body;
  }

  @Fn
  public void nothing() {}

  @Fn
  public String who(Invocation invocation) {
    return invocation.function()
        + " "
        + invocation.id()
        + " "
        + invocation.attempt()
        + " "
        + invocation.fence()
        + " "
        + invocation.callId()
        + " "
        + invocation.traceparent().orElse("-")
        + " "
        + (invocation.remaining().compareTo(Duration.ofSeconds(1)) > 0);
  }

  @Fn
  public Map<String, String> surroundings() {
    return Map.of(
        "environment", System.getenv().keySet().toString(),
        "folder", System.getProperty("user.dir"),
        "temporary", System.getProperty("java.io.tmpdir"),
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
  public int count() {
    return CALLS.incrementAndGet();
  }

  @Fn
  public String big(int size) {
    return "x".repeat(size);
  }

  @Fn
  public List<String> bigJson(int size) {
    return List.of("y".repeat(size));
  }

  // ---- time ----

  private static boolean pass(long millis) throws InterruptedException {
    return new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  @Fn(timeout = "300ms")
  public void slow() throws InterruptedException {
    pass(60_000);
  }

  @Fn
  public void sleep(int millis) throws InterruptedException {
    pass(millis);
  }

  @Fn(concurrency = 8)
  public String together() throws Exception {
    EIGHT.await(10, TimeUnit.SECONDS);
    System.out.println("together");
    return "together";
  }

  @Fn(concurrency = 8)
  public void sleepBeside(int millis) throws InterruptedException {
    pass(millis);
  }

  @Fn
  public int interruptSelf() {
    Thread.currentThread().interrupt();
    return CALLS.get();
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
  public String log(Invocation invocation) {
    invocation.logger().log(System.Logger.Level.INFO, "hello {0}", "you");
    invocation.logger().log(System.Logger.Level.ERROR, "bad", new IOException("why"));
    invocation.logger().log(System.Logger.Level.TRACE, "unseen");
    return "logged";
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

  @Fn
  public int input() throws IOException {
    return System.in.read();
  }

  // ---- isolation ----

  @Fn(isolation = Isolation.SHARED)
  public String shared() {
    return "pid " + ProcessHandle.current().pid();
  }
}
