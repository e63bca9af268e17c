package dev.fanfare.shipping;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The classes that a lambda needs, with everything they refer to, less what every runtime has: the
 * JDK, this SDK and Jackson.
 *
 * <p>Of the class that a lambda was written in, only what the lambda's own body reaches counts,
 * method by method; a test's lambda thus does not carry the test framework along. Of any other
 * class, everything counts.
 */
final class ClassClosure {
  /** The most classes that one lambda carries. */
  static final int LIMIT = 5_000;

  private static final Set<String> EVERYWHERE =
      Set.of(
          "dev/fanfare/function/",
          "dev/fanfare/client/",
          "dev/fanfare/shipping/",
          "dev/fanfare/wire/",
          "com/fasterxml/jackson/");

  private final ClassLoader loader;
  private final SortedMap<String, byte[]> found = new TreeMap<>();
  private final Deque<String> whole = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();

  private ClassClosure(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Collects from one method on, the body of a lambda.
   *
   * @param className the class that holds it, with slashes
   * @param method its name and descriptor together
   * @return class files by internal name
   * @throws IllegalArgumentException if there are more than {@link #LIMIT} of them
   */
  static SortedMap<String, byte[]> of(ClassLoader loader, String className, String method) {
    var closure = new ClassClosure(loader);
    closure.reach(className, method);
    closure.drain();
    return closure.found;
  }

  /** Adds whole classes: those of captured values. */
  static SortedMap<String, byte[]> of(ClassLoader loader, Iterable<String> classNames) {
    var closure = new ClassClosure(loader);
    classNames.forEach(closure::want);
    closure.drain();
    return closure.found;
  }

  private void reach(String className, String firstMethod) {
    Optional<byte[]> bytes = read(className);
    if (bytes.isEmpty()) {
      return;
    }
    seen.add(className);
    ClassFile file = ClassFile.parse(bytes.get());
    file.parents().forEach(this::want);
    Deque<String> methods = new ArrayDeque<>(Set.of(firstMethod, "<clinit>()V"));
    Set<String> visited = new HashSet<>(methods);
    while (!methods.isEmpty()) {
      file.code(methods.remove())
          .ifPresent(
              code ->
                  Instructions.eachConstant(
                      code,
                      index ->
                          follow(
                              file,
                              index,
                              own -> {
                                if (visited.add(own)) {
                                  methods.add(own);
                                }
                              })));
    }
    keep(className, file.keepingOnly(visited));
  }

  /**
   * What one constant of a reached method refers to: other classes, or a method of the same class.
   */
  private void follow(ClassFile file, int index, java.util.function.Consumer<String> ownMethod) {
    ClassFile.Constant constant = file.constant(index).orElseThrow();
    switch (constant.tag()) {
      case ClassFile.CLASS -> want(file.utf8(constant.first()));
      case ClassFile.METHOD_TYPE -> wantAll(file.utf8(constant.first()));
      case ClassFile.METHOD_HANDLE -> follow(file, constant.second(), ownMethod);
      case ClassFile.DYNAMIC, ClassFile.INVOKE_DYNAMIC -> {
        wantAll(descriptor(file, constant.second()));
        for (int argument : file.bootstrapArguments(constant.first())) {
          follow(file, argument, ownMethod);
        }
      }
      case 9, ClassFile.METHOD, ClassFile.INTERFACE_METHOD -> {
        String owner = file.className(constant.first());
        String descriptor = descriptor(file, constant.second());
        wantAll(descriptor);
        if (owner.equals(file.name())) {
          ClassFile.Constant pair = file.constant(constant.second()).orElseThrow();
          ownMethod.accept(file.utf8(pair.first()) + descriptor);
        } else {
          want(owner);
        }
      }
      default -> {
        // numbers and texts refer to nothing
      }
    }
  }

  private void drain() {
    while (!whole.isEmpty()) {
      String className = whole.remove();
      read(className)
          .ifPresent(
              bytes -> {
                keep(className, bytes);
                everything(ClassFile.parse(bytes));
              });
    }
  }

  private void everything(ClassFile file) {
    for (int i = 1; i < file.constantCount(); i++) {
      file.constant(i)
          .ifPresent(
              constant -> {
                if (constant.tag() == ClassFile.CLASS) {
                  want(file.utf8(constant.first()));
                } else if (constant.tag() == ClassFile.NAME_AND_TYPE) {
                  wantAll(file.utf8(constant.second()));
                }
              });
    }
  }

  private static String descriptor(ClassFile file, int nameAndType) {
    return file.utf8(file.constant(nameAndType).orElseThrow().second());
  }

  private void wantAll(String descriptor) {
    int at = descriptor.indexOf('L');
    while (at >= 0) {
      int end = descriptor.indexOf(';', at);
      if (end < 0) {
        return;
      }
      want(descriptor.substring(at + 1, end));
      at = descriptor.indexOf('L', end);
    }
  }

  private void want(String name) {
    if (name.startsWith("[")) {
      wantAll(name);
    } else if (seen.add(name)) {
      whole.add(name);
    }
  }

  private void keep(String className, byte[] bytes) {
    found.put(className, bytes);
    if (found.size() > LIMIT) {
      throw new IllegalArgumentException(
          "the lambda refers to more than "
              + LIMIT
              + " classes: deploy them as a jar, or move the lambda into a class that refers to"
              + " fewer");
    }
  }

  /** The class's bytes; absent if it is the platform's own or not to be found. */
  private Optional<byte[]> read(String className) {
    if (EVERYWHERE.stream().anyMatch(className::startsWith)) {
      return Optional.empty();
    }
    String resource = className + ".class";
    if (ClassLoader.getPlatformClassLoader().getResource(resource) != null) {
      return Optional.empty();
    }
    try (InputStream in = loader.getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
