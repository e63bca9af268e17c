package dev.fanfare.benchmark;

import dev.fanfare.function.Isolation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;

/** A jar with as many functions as wanted, {@code echo-0} and so on, compiled on the spot. */
final class FunctionsJar {
  private static final int PER_CLASS = 500;

  private FunctionsJar() {}

  static Path of(int functions) throws IOException {
    return of(functions, Isolation.PROCESS);
  }

  /** The same, of functions that demand this level. */
  static Path of(int functions, Isolation isolation) throws IOException {
    Path folder = Files.createTempDirectory("fanfare-functions");
    for (int from = 0; from < functions; from += PER_CLASS) {
      compile(folder, from, Math.min(functions, from + PER_CLASS), isolation);
    }
    Path jar = folder.resolve("functions.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file);
        var classes = Files.newDirectoryStream(folder, "*.class")) {
      for (Path compiled : classes) {
        out.putNextEntry(new JarEntry(compiled.getFileName().toString()));
        Files.copy(compiled, out);
        out.closeEntry();
      }
    }
    return jar;
  }

  private static void compile(Path folder, int from, int to, Isolation isolation)
      throws IOException {
    String methods =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    ("@dev.fanfare.function.Fn(name = \"echo-%d\", isolation ="
                                + " dev.fanfare.function.Isolation.%s) public String echo%d(String"
                                + " text)")
                            .formatted(i, isolation, i)
                        + " { return text; }\n")
            .collect(Collectors.joining());
    Path source = folder.resolve("Echoes" + from + ".java");
    Files.writeString(source, "public class Echoes" + from + " {\n" + methods + "}\n");
    List<String> options =
        List.of(
            "-proc:none",
            "-parameters",
            "-d",
            folder.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            source.toString());
    int exit =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(new String[0]));
    if (exit != 0) {
      throw new IllegalStateException("javac ended with " + exit);
    }
  }
}
