package dev.fanfare.shipping;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lambda as it travels: the method that is its body, and the values it captured. On the worker it
 * is bound again with a method handle, so that nothing of the class it was written in is needed but
 * that method.
 *
 * @param className of the class that holds the body, with slashes
 * @param variables of a shell that the body uses
 */
record ShippedLambda(
    int kind,
    String className,
    String method,
    String descriptor,
    List<Captured> captured,
    List<ShellVariables.Variable> variables) {

  /** A captured value as {@link Values} writes it. */
  sealed interface Captured {

    /** It travels with every request. */
    record Inside(byte[] value) implements Captured {}

    /** It is large, and lies in the jar. */
    record InJar(String entry) implements Captured {}
  }

  /** The lambda ready to run. Thread-safe. */
  record Body(MethodHandle handle, int arguments) {

    /** Applies it to the arguments that {@link Shipment#request} wrote. */
    @Nullable Object apply(byte[] item, ClassLoader loader) throws Throwable {
      if (arguments == 1) {
        return (Object) handle.invokeExact(Values.read(item, loader, Values.ANY));
      }
      @Nullable Object[] values = new @Nullable Object[arguments];
      ByteBuffer in = ByteBuffer.wrap(item);
      for (int i = 0; i < arguments; i++) {
        values[i] = Values.read(Chunk.entry(in), loader, Values.ANY);
      }
      return (Object) handle.invokeExact(values);
    }
  }

  byte[] write() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(kind);
      out.writeUTF(className);
      out.writeUTF(method);
      out.writeUTF(descriptor);
      out.writeShort(captured.size());
      for (Captured value : captured) {
        write(out, value);
      }
      out.writeShort(variables.size());
      for (ShellVariables.Variable variable : variables) {
        out.writeUTF(variable.className());
        out.writeUTF(variable.field());
        write(out, variable.value());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a lambda cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Captured captured) throws IOException {
    if (captured instanceof Captured.Inside inside) {
      out.writeBoolean(false);
      out.writeInt(inside.value().length);
      out.write(inside.value());
    } else if (captured instanceof Captured.InJar inJar) {
      out.writeBoolean(true);
      out.writeUTF(inJar.entry());
    }
  }

  static ShippedLambda read(byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int kind = in.readByte();
      String className = in.readUTF();
      String method = in.readUTF();
      String descriptor = in.readUTF();
      List<Captured> captured = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        captured.add(captured(in));
      }
      List<ShellVariables.Variable> variables = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        variables.add(new ShellVariables.Variable(in.readUTF(), in.readUTF(), captured(in)));
      }
      return new ShippedLambda(kind, className, method, descriptor, captured, variables);
    } catch (IOException e) {
      throw new UncheckedIOException("these bytes are no shipped lambda", e);
    }
  }

  private static Captured captured(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? new Captured.InJar(in.readUTF())
        : new Captured.Inside(in.readNBytes(in.readInt()));
  }

  /** The body with its captured values bound, taking the arguments that are left. */
  Body bind(ClassLoader loader) throws ReflectiveOperationException, IOException {
    Class<?> holder = Class.forName(className.replace('/', '.'), true, loader);
    MethodType type = MethodType.fromMethodDescriptorString(descriptor, loader);
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(holder, MethodHandles.lookup());
    MethodHandle body =
        switch (kind) {
          case MethodHandleInfo.REF_invokeStatic -> lookup.findStatic(holder, method, type);
          case MethodHandleInfo.REF_newInvokeSpecial -> lookup.findConstructor(holder, type);
          case MethodHandleInfo.REF_invokeSpecial ->
              lookup.findSpecial(holder, method, type, holder);
          default -> lookup.findVirtual(holder, method, type);
        };
    @Nullable Object[] values = new @Nullable Object[captured.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Values.read(bytes(captured.get(i), loader), loader, Values.ANY);
    }
    for (ShellVariables.Variable variable : variables) {
      variable.set(loader, Values.read(bytes(variable.value(), loader), loader, Values.ANY));
    }
    MethodHandle bound = MethodHandles.insertArguments(body, 0, values);
    int arguments = bound.type().parameterCount();
    MethodHandle general = bound.asType(MethodType.genericMethodType(arguments));
    return new Body(arguments == 1 ? general : spreading(general, arguments), arguments);
  }

  private static MethodHandle spreading(MethodHandle general, int arguments) {
    return general.asSpreader(Object[].class, arguments);
  }

  private static byte[] bytes(Captured captured, ClassLoader loader) throws IOException {
    if (captured instanceof Captured.Inside inside) {
      return inside.value();
    }
    String entry = ((Captured.InJar) captured).entry();
    try (InputStream in = loader.getResourceAsStream(entry)) {
      if (in == null) {
        throw new FileNotFoundException("the lambda's jar has no " + entry);
      }
      return in.readAllBytes();
    }
  }
}
