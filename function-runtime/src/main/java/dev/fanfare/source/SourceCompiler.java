package dev.fanfare.source;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one source file in memory with this Java's own compiler, against this process's class
 * path. No annotation processor runs and no other source is looked for.
 */
public final class SourceCompiler {
  private static final int MOST_ERRORS = 20;
  private static final List<String> OPTIONS =
      List.of("-g", "-proc:none", "-implicit:none", "-Xlint:none", "-Xmaxerrs", "100");

  private final @Nullable JavaCompiler compiler;

  private SourceCompiler(@Nullable JavaCompiler compiler) {
    this.compiler = compiler;
  }

  /** The one of this Java, which may have none. */
  public static SourceCompiler ofThisJava() {
    return new SourceCompiler(ToolProvider.getSystemJavaCompiler());
  }

  /** One that finds no compiler, as in a JRE. */
  static SourceCompiler none() {
    return new SourceCompiler(null);
  }

  /**
   * Compiles.
   *
   * @param file the source's name, for example {@code Script.java}
   * @throws Uncompiled in the compiler's words, or because there is no compiler
   */
  public Compiled compile(String file, String text) throws IOException {
    if (compiler == null) {
      throw Uncompiled.noCompiler();
    }
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    try {
      return compile(compiler, file, text, diagnostics);
    } catch (Uncompiled e) {
      if (diagnostics.getDiagnostics().stream().noneMatch(SourceCompiler::lacksMain)) {
        throw e;
      }
      // The compiler wants one in a file without a class; one that takes a channel is none to it.
      return compile(
          compiler, file, text + " void main() {}", new DiagnosticCollector<JavaFileObject>());
    }
  }

  private static boolean lacksMain(Diagnostic<?> found) {
    return found.getCode().equals("compiler.err.implicit.class.does.not.have.main.method");
  }

  private static Compiled compile(
      JavaCompiler compiler,
      String file,
      String text,
      DiagnosticCollector<JavaFileObject> diagnostics)
      throws IOException {
    var source = new SourceText(file, text);
    try (var files =
        new ClassesInMemory(compiler.getStandardFileManager(diagnostics, Locale.ROOT, null))) {
      var task =
          (JavacTask) compiler.getTask(null, files, diagnostics, options(), null, List.of(source));
      Optional<String> main = firstClass(task.parse());
      task.analyze();
      List<String> errors = errors(file, text, diagnostics);
      if (errors.isEmpty()) {
        task.generate();
        errors = errors(file, text, diagnostics);
      }
      if (!errors.isEmpty()) {
        throw Uncompiled.wrong(String.join("\n", errors));
      }
      if (main.isEmpty()) {
        throw Uncompiled.wrong(file + ": there is no class and no main method in it");
      }
      return new Compiled(main.get(), files.classes());
    }
  }

  /** The binary name of the first class in the file, which is the one that is launched. */
  private static Optional<String> firstClass(Iterable<? extends CompilationUnitTree> units) {
    for (CompilationUnitTree unit : units) {
      String folder = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
      for (Tree declared : unit.getTypeDecls()) {
        if (declared instanceof ClassTree type) {
          return Optional.of(folder + type.getSimpleName());
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> options() {
    var options = new ArrayList<>(OPTIONS);
    options.add("-classpath");
    options.add(System.getProperty("java.class.path"));
    options.add("-sourcepath");
    options.add(Path.of(System.getProperty("java.io.tmpdir"), "no-sources").toString());
    return options;
  }

  private static List<String> errors(
      String file, String text, DiagnosticCollector<JavaFileObject> diagnostics) {
    List<Diagnostic<? extends JavaFileObject>> errors =
        diagnostics.getDiagnostics().stream()
            .filter(found -> found.getKind() == Diagnostic.Kind.ERROR)
            .toList();
    var words = new ArrayList<String>();
    List<String> lines = text.lines().toList();
    errors.stream().limit(MOST_ERRORS).forEach(error -> words.add(words(file, lines, error)));
    if (errors.size() > MOST_ERRORS) {
      words.add("and " + (errors.size() - MOST_ERRORS) + " more errors");
    }
    return words;
  }

  /** As {@code javac} writes it, with the column too. */
  private static String words(String file, List<String> lines, Diagnostic<?> error) {
    String message = error.getMessage(Locale.ROOT);
    long line = error.getLineNumber();
    if (line == Diagnostic.NOPOS) {
      return file + ": error: " + message;
    }
    long column = error.getColumnNumber();
    String head = file + ":" + line + ":" + column + ": error: " + message;
    return lineOf(lines, line)
        .map(shown -> head + "\n" + shown + caret(shown, column))
        .orElse(head);
  }

  private static Optional<String> lineOf(List<String> lines, long number) {
    return number > lines.size()
        ? Optional.empty()
        : Optional.of("    " + expanded(lines.get((int) number - 1)));
  }

  /** Columns count a tab as the compiler does: up to the next multiple of eight. */
  private static String expanded(String line) {
    var text = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      text.append(c == '\t' ? " ".repeat(8 - text.length() % 8) : String.valueOf(c));
    }
    return text.toString();
  }

  private static String caret(String shown, long column) {
    return column < 1 || column > 4L + shown.length()
        ? ""
        : "\n    " + " ".repeat((int) column - 1) + "^";
  }
}
