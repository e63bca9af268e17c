package dev.fanfare.shipping;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a class file (JVMS 4) that tell what it refers to. Read by hand because this module
 * runs on Java 17.
 */
final class ClassFile {
  static final int UTF8 = 1;
  static final int CLASS = 7;
  static final int STRING = 8;
  static final int METHOD = 10;
  static final int INTERFACE_METHOD = 11;
  static final int NAME_AND_TYPE = 12;
  static final int METHOD_HANDLE = 15;
  static final int METHOD_TYPE = 16;
  static final int DYNAMIC = 17;
  static final int INVOKE_DYNAMIC = 18;

  private static final int LONG = 5;
  private static final int DOUBLE = 6;

  /** One entry of the constant pool: a tag, and two numbers or a text. */
  record Constant(int tag, int first, int second, String text) {}

  private final byte[] bytes;
  private final Constant[] constants;
  private final String name;
  private final String superName;
  private final List<String> interfaces = new ArrayList<>();
  private final Map<String, Method> methods = new LinkedHashMap<>();
  private int methodsStart;
  private int methodsEnd;
  private int[][] bootstrapArguments = {};

  /**
   * One method: where it stands in the file, its code, and its parameters' names where they are
   * kept.
   */
  private record Method(int start, int end, byte[] code, Map<Integer, String> localNames) {}

  private ClassFile(byte[] bytes) throws IOException {
    this.bytes = bytes;
    var remaining = new ByteArrayInputStream(bytes);
    var in = new DataInputStream(remaining);
    in.skipNBytes(8);
    constants = new Constant[in.readUnsignedShort()];
    for (int i = 1; i < constants.length; i++) {
      constants[i] = constant(in);
      if (constants[i].tag() == LONG || constants[i].tag() == DOUBLE) {
        i++;
      }
    }
    in.skipNBytes(2);
    name = className(in.readUnsignedShort());
    int parent = in.readUnsignedShort();
    superName = parent == 0 ? name : className(parent);
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      interfaces.add(className(in.readUnsignedShort()));
    }
    skipFields(in);
    methodsStart = bytes.length - remaining.available();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      method(in, remaining);
    }
    methodsEnd = bytes.length - remaining.available();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      classAttribute(in);
    }
  }

  static ClassFile parse(byte[] bytes) {
    try {
      return new ClassFile(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a class file", e);
    }
  }

  /** The class's internal name, with slashes. */
  String name() {
    return name;
  }

  int constantCount() {
    return constants.length;
  }

  /** The constant at an index; absent for the unused slot after a long or double. */
  Optional<Constant> constant(int index) {
    return Optional.ofNullable(constants[index]);
  }

  String utf8(int index) {
    return constants[index].text();
  }

  /** The internal name that a class constant holds. */
  String className(int index) {
    return utf8(constants[index].first());
  }

  /** Its superclass and interfaces. */
  List<String> parents() {
    var parents = new ArrayList<>(interfaces);
    parents.add(superName);
    return parents;
  }

  /**
   * The code of the method whose name and descriptor are given together; absent if it has none
   * here.
   */
  Optional<byte[]> code(String nameAndDescriptor) {
    return Optional.ofNullable(methods.get(nameAndDescriptor)).map(Method::code);
  }

  /** The name of a method's local variable by slot, where the compiler kept it. */
  Optional<String> localName(String nameAndDescriptor, int slot) {
    return Optional.ofNullable(methods.get(nameAndDescriptor)).map(m -> m.localNames().get(slot));
  }

  /** The constants that a bootstrap method is given, which is where a lambda's body is named. */
  int[] bootstrapArguments(int index) {
    return bootstrapArguments[index];
  }

  /** The same class with only these methods, so that verifying it needs no more than they do. */
  byte[] keepingOnly(Set<String> kept) {
    var out = new ByteArrayOutputStream(bytes.length);
    out.write(bytes, 0, methodsStart);
    List<Method> left =
        methods.entrySet().stream()
            .filter(m -> kept.contains(m.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    out.write(left.size() >>> 8);
    out.write(left.size());
    left.forEach(method -> out.write(bytes, method.start(), method.end() - method.start()));
    out.write(bytes, methodsEnd, bytes.length - methodsEnd);
    return out.toByteArray();
  }

  private static void skipFields(DataInputStream in) throws IOException {
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      in.skipNBytes(6);
      for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
        in.skipNBytes(2);
        in.skipNBytes(in.readInt());
      }
    }
  }

  private void method(DataInputStream in, ByteArrayInputStream remaining) throws IOException {
    int start = bytes.length - remaining.available();
    in.skipNBytes(2);
    String key = utf8(in.readUnsignedShort()) + utf8(in.readUnsignedShort());
    byte[] code = {};
    Map<Integer, String> localNames = Map.of();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      String attribute = utf8(in.readUnsignedShort());
      int length = in.readInt();
      if (attribute.equals("Code")) {
        var body = new DataInputStream(new ByteArrayInputStream(in.readNBytes(length)));
        body.skipNBytes(4);
        code = body.readNBytes(body.readInt());
        localNames = localNames(body);
      } else {
        in.skipNBytes(length);
      }
    }
    methods.put(key, new Method(start, bytes.length - remaining.available(), code, localNames));
  }

  private Map<Integer, String> localNames(DataInputStream body) throws IOException {
    Map<Integer, String> names = new HashMap<>();
    body.skipNBytes(8L * body.readUnsignedShort());
    for (int left = body.readUnsignedShort(); left > 0; left--) {
      boolean variables = utf8(body.readUnsignedShort()).equals("LocalVariableTable");
      int length = body.readInt();
      if (!variables) {
        body.skipNBytes(length);
        continue;
      }
      for (int rows = body.readUnsignedShort(); rows > 0; rows--) {
        boolean fromStart = body.readUnsignedShort() == 0;
        body.skipNBytes(2);
        String variable = utf8(body.readUnsignedShort());
        body.skipNBytes(2);
        int slot = body.readUnsignedShort();
        if (fromStart) {
          names.put(slot, variable);
        }
      }
    }
    return names;
  }

  private void classAttribute(DataInputStream in) throws IOException {
    String attribute = utf8(in.readUnsignedShort());
    int length = in.readInt();
    if (!attribute.equals("BootstrapMethods")) {
      in.skipNBytes(length);
      return;
    }
    bootstrapArguments = new int[in.readUnsignedShort()][];
    for (int i = 0; i < bootstrapArguments.length; i++) {
      in.skipNBytes(2);
      bootstrapArguments[i] = new int[in.readUnsignedShort()];
      for (int j = 0; j < bootstrapArguments[i].length; j++) {
        bootstrapArguments[i][j] = in.readUnsignedShort();
      }
    }
  }

  private static Constant constant(DataInputStream in) throws IOException {
    int tag = in.readUnsignedByte();
    return switch (tag) {
      case UTF8 -> new Constant(tag, 0, 0, in.readUTF());
      case CLASS, STRING, METHOD_TYPE, 19, 20 -> new Constant(tag, in.readUnsignedShort(), 0, "");
      case METHOD_HANDLE -> new Constant(tag, in.readUnsignedByte(), in.readUnsignedShort(), "");
      case LONG, DOUBLE -> {
        in.skipNBytes(8);
        yield new Constant(tag, 0, 0, "");
      }
      case 3, 4 -> {
        in.skipNBytes(4);
        yield new Constant(tag, 0, 0, "");
      }
      case 9, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, DYNAMIC, INVOKE_DYNAMIC ->
          new Constant(tag, in.readUnsignedShort(), in.readUnsignedShort(), "");
      default -> throw new IOException("constant of unknown tag " + tag);
    };
  }
}
