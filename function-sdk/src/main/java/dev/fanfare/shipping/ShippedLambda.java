package dev.fanfare.shipping;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.List;

/**
 * A lambda as it travels: the method that is its body, and the values it captured. On the worker it
 * is bound again with a method handle, so that nothing of the class it was written in is needed but
 * that method.
 *
 * @param className of the class that holds the body, with slashes
 * @param captured each value as {@link Values} writes it
 */
record ShippedLambda(
    int kind, String className, String method, String descriptor, List<byte[]> captured) {

  static ShippedLambda of(SerializedLambda lambda, ClassFile holder) {
    List<byte[]> captured = new ArrayList<>();
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      captured.add(capture(lambda, holder, i));
    }
    return new ShippedLambda(
        lambda.getImplMethodKind(),
        lambda.getImplClass(),
        lambda.getImplMethodName(),
        lambda.getImplMethodSignature(),
        captured);
  }

  private static byte[] capture(SerializedLambda lambda, ClassFile holder, int index) {
    Object value = lambda.getCapturedArg(index);
    try {
      return Values.write(value);
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException(
          "the lambda captures %s, which holds a %s, and that is not serialisable: capture a plain value, or make it inside the lambda"
              .formatted(variable(lambda, holder, index), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("the lambda's captured values cannot be written", e);
    }
  }

  /** The captured variable's name, where the class file keeps it. */
  private static String variable(SerializedLambda lambda, ClassFile holder, int index) {
    Object value = lambda.getCapturedArg(index);
    boolean instance = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
    if (instance && index == 0) {
      return "'this' (a " + value.getClass().getName() + ")";
    }
    MethodType type =
        MethodType.fromMethodDescriptorString(
            lambda.getImplMethodSignature(), Thread.currentThread().getContextClassLoader());
    int slot = instance ? 1 : 0;
    for (int i = 0; i < (instance ? index - 1 : index); i++) {
      Class<?> parameter = type.parameterType(i);
      slot += parameter == long.class || parameter == double.class ? 2 : 1;
    }
    return holder
        .localName(lambda.getImplMethodName() + lambda.getImplMethodSignature(), slot)
        .map(name -> "the variable '" + name + "'")
        .orElse("a value (number " + (index + 1) + ", a " + value.getClass().getName() + ")");
  }

  byte[] write() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(kind);
      out.writeUTF(className);
      out.writeUTF(method);
      out.writeUTF(descriptor);
      out.writeShort(captured.size());
      for (byte[] value : captured) {
        out.writeInt(value.length);
        out.write(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a lambda cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }

  static ShippedLambda read(byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int kind = in.readByte();
      String className = in.readUTF();
      String method = in.readUTF();
      String descriptor = in.readUTF();
      List<byte[]> captured = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        captured.add(in.readNBytes(in.readInt()));
      }
      return new ShippedLambda(kind, className, method, descriptor, captured);
    } catch (IOException e) {
      throw new UncheckedIOException("these bytes are no shipped lambda", e);
    }
  }

  /** The body with its captured values bound, taking the item that is left. */
  MethodHandle bind(ClassLoader loader) throws ReflectiveOperationException {
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
    Object[] values = captured.stream().map(value -> Values.read(value, loader, "*")).toArray();
    return MethodHandles.insertArguments(body, 0, values);
  }
}
