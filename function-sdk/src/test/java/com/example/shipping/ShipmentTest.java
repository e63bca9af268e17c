package com.example.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.shipping.Chunk;
import dev.fanfare.shipping.Shipment;
import dev.fanfare.shipping.Shippable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class ShipmentTest {
  private static final int FACTOR = Integer.getInteger("no.such.property", 7);

  record Point(int x, int y) implements java.io.Serializable {}

  static final class Doubling {
    static int twice(int n) {
      return Helper.plus(n, n);
    }
  }

  static final class Helper {
    static int plus(int a, int b) {
      return a + b;
    }
  }

  @Test
  void aLambdaRunsFromItsJarAloneWithWhatItCaptured() throws Throwable {
    int offset = 100;
    String word = "n=";
    Shipment shipment =
        Shipment.of((Shippable<Integer, Object>) n -> word + (Doubling.twice(n) + offset + FACTOR));

    assertThat(runElsewhere(shipment, 5)).isEqualTo("n=117");
  }

  @Test
  void nestedLambdasAndRecordsTravel() throws Throwable {
    Shipment shipment =
        Shipment.of(
            (Shippable<List<Integer>, Object>)
                all -> all.stream().map(n -> new Point(n, -n)).map(Point::y).toList());

    assertThat(runElsewhere(shipment, List.of(1, 2))).isEqualTo(List.of(-1, -2));
  }

  @Test
  void theTestFrameworkOfTheClassAroundDoesNotTravel() {
    Shipment shipment = Shipment.of((Shippable<Integer, Object>) n -> Doubling.twice(n));

    assertThat(shipment.classNames())
        .containsExactly(
            "com/example/shipping/ShipmentTest",
            "com/example/shipping/ShipmentTest$Doubling",
            "com/example/shipping/ShipmentTest$Helper");
  }

  @Test
  void theSameLambdaMakesTheSameJar() {
    assertThat(adder(1).jar()).isEqualTo(adder(2).jar());
  }

  @Test
  void aCapturedVariableThatCannotTravelIsNamed() {
    Object lock = new Object();

    assertThatThrownBy(() -> Shipment.of((Shippable<Integer, Object>) n -> lock.hashCode() + n))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'lock'")
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  void aMethodReferenceTravels() throws Throwable {
    assertThat(runElsewhere(Shipment.of((Shippable<Integer, Integer>) Doubling::twice), 21))
        .isEqualTo(42);
  }

  private static Shipment adder(int amount) {
    return Shipment.of((Shippable<Integer, Object>) n -> n + amount);
  }

  @Test
  void aLargeCapturedValueTravelsInTheJarOnly() throws Throwable {
    byte[] table = new byte[100_000];
    table[7] = 42;
    Shipment shipment = Shipment.of((Shippable<Integer, Byte>) n -> table[n]);

    assertThat(shipment.lambda()).hasSizeLessThan(1_000);
    assertThat(shipment.jar()).hasSizeGreaterThan(100_000);
    assertThat(runElsewhere(shipment, 7)).isEqualTo((byte) 42);
  }

  @Test
  void aLambdaOfTwoArgumentsTravels() throws Throwable {
    Shipment shipment = Shipment.of((Shippable.OfTwo<Integer, String, String>) (n, s) -> s + n);

    assertThat(values(shipment, shipment.items(1, "a"))).containsExactly("a1");
  }

  @Test
  void anActionTravelsAndReturnsNothing() throws Throwable {
    Shipment shipment = Shipment.of((Shippable.Action<Integer>) n -> Doubling.twice(n));

    assertThat(values(shipment, shipment.item(1))).containsExactly((Object) null);
  }

  @Test
  void oneBadItemOfAChunkFailsAlone() throws Throwable {
    Shipment shipment = Shipment.of((Shippable<Integer, Integer>) n -> 100 / n);

    List<Chunk.Part> parts = parts(shipment, shipment.item(5), shipment.item(0), shipment.item(10));

    assertThat(parts).hasSize(3);
    assertThat(shipment.result(((Chunk.Value) parts.get(0)).bytes())).isEqualTo(20);
    assertThat(parts.get(1))
        .isInstanceOfSatisfying(
            Chunk.Thrown.class,
            thrown -> {
              assertThat(thrown.type()).isEqualTo("java.lang.ArithmeticException");
              assertThat(thrown.message()).isEqualTo("/ by zero");
              assertThat(thrown.stack())
                  .contains("ShipmentTest")
                  .doesNotContain("dev.fanfare.shipping");
            });
    assertThat(shipment.result(((Chunk.Value) parts.get(2)).bytes())).isEqualTo(10);
  }

  @Test
  void anItemAloneThrowsWhatTheLambdaThrows() {
    Shipment shipment = Shipment.of((Shippable<Integer, Integer>) n -> 100 / n);

    assertThatThrownBy(() -> runElsewhere(shipment, 0)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aRejectionKeepsItsStatus() throws Throwable {
    Shipment shipment =
        Shipment.of(
            (Shippable<Integer, Integer>)
                n -> {
                  throw new dev.fanfare.function.Reject(418, "no coffee");
                });

    assertThat(parts(shipment, shipment.item(1), shipment.item(2)))
        .allSatisfy(part -> assertThat(((Chunk.Thrown) part).status()).isEqualTo(418));
  }

  @Test
  void aClassThatDidNotTravelIsNamed() {
    Shipment shipment = Shipment.of((Shippable<Integer, Integer>) n -> new Reaching().reach() + n);
    var loader = new JarLoader(shipment.jar());
    loader.classes.remove("com.example.shipping.ShipmentTest$Helper");

    assertThatThrownBy(() -> call(loader, shipment.request(List.of(shipment.item(1)))))
        .isInstanceOf(NoClassDefFoundError.class)
        .hasMessageContaining("com.example.shipping.ShipmentTest$Helper is missing on the worker");
  }

  static final class Reaching {
    int reach() {
      return Helper.plus(1, 1);
    }
  }

  /** Runs an item with a loader that has the jar and, of this test's own classes, nothing else. */
  private static Object runElsewhere(Shipment shipment, Object item) throws Throwable {
    return values(shipment, shipment.item(item)).get(0);
  }

  private static List<Object> values(Shipment shipment, byte[]... items) throws Throwable {
    var values = new ArrayList<Object>();
    for (Chunk.Part part : parts(shipment, items)) {
      values.add(shipment.result(((Chunk.Value) part).bytes()));
    }
    return values;
  }

  private static List<Chunk.Part> parts(Shipment shipment, byte[]... items) throws Throwable {
    return Chunk.parts(call(new JarLoader(shipment.jar()), shipment.request(List.of(items))));
  }

  private static byte[] call(JarLoader loader, byte[] request) throws Throwable {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      Class<?> entry = Class.forName("dev.fanfare.shipping.Shipped", true, loader);
      assertThat(entry.getClassLoader()).isSameAs(loader);
      return (byte[]) entry.getMethod("call", byte[].class).invoke(null, (Object) request);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The JDK and the annotations above, as on a worker; the classes of the jar here. */
  private static final class JarLoader extends ClassLoader {
    private final Map<String, byte[]> classes = new HashMap<>();

    JarLoader(byte[] jar) {
      super(ClassLoader.getPlatformClassLoader());
      try (var in = new ZipInputStream(new ByteArrayInputStream(jar))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          classes.put(
              entry.getName().replace('/', '.').replaceAll("\\.class$", ""), in.readAllBytes());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      byte[] bytes = classes.get(name.replace('/', '.'));
      return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("dev.fanfare.function.")) {
        return ShipmentTest.class.getClassLoader().loadClass(name);
      }
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
