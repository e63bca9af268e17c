package dev.fanfare.sample;

import dev.fanfare.function.Fn;
import dev.fanfare.function.Reject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Functions that make trouble, in the same jar as {@link Samples}. */
@SuppressWarnings("all") // what is wrong with them is the point
public class Troubles {
  public static class Node {
    public Node next = this;
    public String name = "n";
  }

  public static class Opaque {
    private final int hidden = 1;
  }

  public static class Throwing {
    public String getName() {
      throw new IllegalStateException("no name");
    }
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
  public void deep() {
    deep();
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
  public Throwing throwingGetter() {
    return new Throwing();
  }

  @Fn
  public void exit(int code) {
    System.exit(code);
  }

  @Fn
  public void halt(int code) {
    Runtime.getRuntime().halt(code);
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

  @Fn
  public String leak(int threads) {
    for (int i = 0; i < threads; i++) {
      var thread = new Thread(() -> new CountDownLatch(1).getCount());
      Thread sleeper =
          new Thread(
              () -> {
                try {
                  new CountDownLatch(1).await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      sleeper.setDaemon(i % 2 == 0);
      sleeper.start();
    }
    return "leaked " + threads;
  }

  @Fn
  public String broken() {
    return Broken.value();
  }

  @Fn
  public String missing() {
    return new Gone().toString();
  }

  /** Not put into the jar. */
  public static class Gone {}

  public static class Broken {
    private static final String VALUE = Optional.<String>empty().orElseThrow();

    static String value() {
      return VALUE;
    }
  }
}
