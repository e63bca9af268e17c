package com.example.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.shipping.RemoteFunction;
import dev.fanfare.shipping.Shipment;
import dev.fanfare.shipping.Shipped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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
    Shipment shipment = Shipment.of((Integer n) -> word + (Doubling.twice(n) + offset + FACTOR));

    assertThat(runElsewhere(shipment, 5)).isEqualTo("n=117");
  }

  @Test
  void nestedLambdasAndRecordsTravel() throws Throwable {
    Shipment shipment =
        Shipment.of(
            (List<Integer> all) -> all.stream().map(n -> new Point(n, -n)).map(Point::y).toList());

    assertThat(runElsewhere(shipment, List.of(1, 2))).isEqualTo(List.of(-1, -2));
  }

  @Test
  void theTestFrameworkOfTheClassAroundDoesNotTravel() {
    Shipment shipment = Shipment.of((Integer n) -> Doubling.twice(n));

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

    assertThatThrownBy(() -> Shipment.of((Integer n) -> lock.hashCode() + n))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'lock'")
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  void aMethodReferenceTravels() throws Throwable {
    assertThat(runElsewhere(Shipment.of((RemoteFunction<Integer, Integer>) Doubling::twice), 21))
        .isEqualTo(42);
  }

  private static Shipment adder(int amount) {
    return Shipment.of((Integer n) -> n + amount);
  }

  /** Runs an item with a loader that has the jar and, of this test's own classes, nothing else. */
  private static Object runElsewhere(Shipment shipment, Object item) throws Throwable {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(new JarLoader(shipment.jar()));
    try {
      return shipment.result(Shipped.call(shipment.request(item)));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** Only the JDK above; the classes of the jar here. */
  private static final class JarLoader extends ClassLoader {
    private final Map<String, byte[]> classes = new HashMap<>();

    JarLoader(byte[] jar) throws IOException {
      super(ClassLoader.getPlatformClassLoader());
      try (var in = new ZipInputStream(new ByteArrayInputStream(jar))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          classes.put(
              entry.getName().replace('/', '.').replaceAll("\\.class$", ""), in.readAllBytes());
        }
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
