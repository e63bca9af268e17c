package dev.fanfare.shipping;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes items, captured values and results: a byte for the commonest types and their plain form,
 * Java serialization for all others.
 */
final class Values {
  /** The largest graph that is read back. */
  private static final String BOUNDS = "maxdepth=200;maxrefs=10000000;maxarray=100000000;";

  private Values() {}

  /**
   * Writes a value.
   *
   * @throws java.io.NotSerializableException if something in it cannot be
   */
  static byte[] write(@Nullable Object value) throws IOException {
    var bytes = new ByteArrayOutputStream(32);
    try (var out = new DataOutputStream(bytes)) {
      if (value == null) {
        out.writeByte('0');
      } else if (value instanceof Integer number) {
        out.writeByte('i');
        out.writeInt(number);
      } else if (value instanceof Long number) {
        out.writeByte('l');
        out.writeLong(number);
      } else if (value instanceof Double number) {
        out.writeByte('d');
        out.writeDouble(number);
      } else if (value instanceof Boolean truth) {
        out.writeByte(truth ? 't' : 'f');
      } else if (value instanceof byte[] array) {
        out.writeByte('b');
        out.write(array);
      } else if (value instanceof String text) {
        out.writeByte('s');
        out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      } else {
        out.writeByte('j');
        try (var objects = new ObjectOutputStream(out)) {
          objects.writeObject(value);
        }
      }
    }
    return bytes.toByteArray();
  }

  /** Any class that the loader has, within our bounds: for a worker, which runs the code anyway. */
  static final ObjectInputFilter ANY = filter("*");

  /**
   * A filter for reading.
   *
   * @param allowed a pattern of an {@link ObjectInputFilter}, for example {@code "java.base/*;!*"}
   */
  static ObjectInputFilter filter(String allowed) {
    return ObjectInputFilter.Config.createFilter(BOUNDS + allowed);
  }

  /** Reads a value back, with classes from the given loader. */
  static @Nullable Object read(byte[] bytes, ClassLoader loader, ObjectInputFilter allowed) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return switch (in.readByte()) {
        case '0' -> null;
        case 'i' -> in.readInt();
        case 'l' -> in.readLong();
        case 'd' -> in.readDouble();
        case 't' -> true;
        case 'f' -> false;
        case 'b' -> in.readAllBytes();
        case 's' -> new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        case 'j' -> object(in, loader, allowed);
        default -> throw new IllegalArgumentException("these bytes are no shipped value");
      };
    } catch (IOException e) {
      throw new UncheckedIOException("a shipped value cannot be read: " + e.getMessage(), e);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "a shipped value needs the class "
              + e.getMessage()
              + ", which is missing here: name it in the lambda's code, then it travels",
          e);
    }
  }

  private static @Nullable Object object(
      DataInputStream in, ClassLoader loader, ObjectInputFilter allowed)
      throws IOException, ClassNotFoundException {
    try (var objects = new Objects(in, loader)) {
      objects.setObjectInputFilter(allowed);
      return objects.readObject();
    }
  }

  /** Finds classes with one loader first. */
  private static final class Objects extends ObjectInputStream {
    private final ClassLoader loader;

    Objects(DataInputStream in, ClassLoader loader) throws IOException {
      super(in);
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass described)
        throws ClassNotFoundException, IOException {
      try {
        return Class.forName(described.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(described);
      }
    }
  }
}
