package dev.fanfare.deploy;

import static dev.fanfare.deploy.Refusals.refused;
import static dev.fanfare.deploy.TestJar.functions;
import static dev.fanfare.deploy.TestJar.imports;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that cannot be deployed. */
class FunctionRefusalTest {
  @TempDir Path folder;

  @Test
  void twoFunctionsOfOneName() {
    refused(
            TestJar.in(folder)
                .source(functions("@Fn public void resizeAll() {}"))
                .source(
                    imports()
                        + "public class Other { @Fn(name = \"resize-all\") public void go(int n) {}"
                        + " }")
                .write())
        .only()
        .with(
            ProblemCode.DUPLICATE_FUNCTION,
            "app.Other.go(int)",
            "the function is called 'resize-all', and so is app.Functions.resizeAll()");
  }

  @Test
  void overloadsOfOneName() {
    members("@Fn public void f(int n) {} @Fn public void f(long n) {}")
        .only()
        .with(ProblemCode.DUPLICATE_FUNCTION, "app.Functions.f(long)", "app.Functions.f(int)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "@Fn(name = \"Resize\")  | 'Resize' cannot be a name; a function's name is 1 to 63"
            + " characters",
        "@Fn(name = \"a b\")     | 'a b' cannot be a name",
        "@Fn(name = \"-a\")      | '-a' cannot be a name",
        "@Fn(name = \"../a\")    | '../a' cannot be a name"
      })
  void namesThatAreNone(String annotation, String words) {
    members(annotation + " public void f() {}")
        .only()
        .with(ProblemCode.BAD_NAME, "app.Functions.f()", words);
  }

  @Test
  void aMethodNameThatMakesNoName() {
    members("@Fn public void größe() {}")
        .only()
        .with(ProblemCode.BAD_NAME, "app.Functions.größe()", "give it one with @Fn(name = ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "timeout = \"soon\"           | @Fn timeout does not read: 'soon' is no length of time",
        "timeout = \"0s\"             | @Fn timeout is 1ms to 24h in whole milliseconds, not '0s'",
        "timeout = \"25h\"            | @Fn timeout is 1ms to 24h in whole milliseconds, not '25h'",
        "timeout = \"PT0.0001S\"      | @Fn timeout is 1ms to 24h in whole milliseconds",
        "timeout = \"PT9223372036854775807S\" | @Fn timeout is 1ms to 24h",
        "expiresAfter = \"999999999999d\"     | @Fn expiresAfter is 1ms to 8760h",
        "retries = 101              | @Fn retries is 0 to 100, not 101",
        "retries = {1, 2}           | @Fn retries is one number, not 2",
        "concurrency = 0            | @Fn concurrency is 1 to 10000, not 0",
        "memory = \"much\"            | @Fn memory does not read: 'much' is no size",
        "memory = \"1k\"              | @Fn memory is 32m to 1024g, not '1k'",
        "memory = \"999999999999g\"   | @Fn memory",
        "labels = \"gpu ~ a100\"      | @Fn labels does not read: 'gpu ~ a100' is no constraint",
        "labels = {\"gpu\", \"java>=x\"} | @Fn labels does not read"
      })
  void settingsThatAreNone(String setting, String words) {
    members("@Fn(" + setting + ") public void f() {}")
        .only()
        .with(ProblemCode.BAD_SETTING, "app.Functions.f()", words);
  }

  @Test
  void methodsThatCannotBeCalled() {
    members("@Fn void f() {} @Fn private void g() {} @Fn protected static void h() {}")
        .with(ProblemCode.UNUSABLE_METHOD, "app.Functions.f()", "the method is not public")
        .with(ProblemCode.UNUSABLE_METHOD, "app.Functions.g()", "the method is not public")
        .with(ProblemCode.UNUSABLE_METHOD, "app.Functions.h()", "the method is not public");
    type("public interface Functions { @Fn void f(); }")
        .only()
        .with(ProblemCode.UNUSABLE_METHOD, "app.Functions.f()", "the method is abstract");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "class Functions { %s }           | the class has functions and is not public",
        "public abstract class Functions { %s }  | the class has functions and is abstract",
        "public class Functions { public Functions(int n) {} %s } | no public constructor without"
            + " parameters",
        "public class Functions { Functions() {} %s } | no public constructor without parameters",
        "public enum Functions { A; %s }  | no public constructor without parameters",
        "public record Functions(int n) { %s } | no public constructor without parameters",
        "public interface Functions { default %s } | an interface cannot be made"
      })
  void classesThatCannotBeMade(String code, String words) {
    type(code.formatted("@Fn public void f() {}"))
        .only()
        .with(ProblemCode.UNUSABLE_CLASS, "app.Functions", words);
  }

  @Test
  void innerClasses() {
    members("public class Inner { @Fn public void f() {} }")
        .only()
        .with(ProblemCode.UNUSABLE_CLASS, "app.Functions$Inner", "make it static");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Thread p                    | parameter p is java.lang.Thread, a type of Java's own"
            + " without a JSON form",
        "Object p                    | parameter p is java.lang.Object, which says nothing about"
            + " it",
        "Runnable p                  | parameter p is java.lang.Runnable",
        "Function<String, String> p  | parameter p is java.util.function.Function",
        "Stream<String> p            | parameter p is java.util.stream.Stream",
        "Thread[] p                  | parameter p[] is java.lang.Thread",
        "List<Thread> p              | parameter p[] is java.lang.Thread",
        "Map<String, Thread> p       | parameter p.{} is java.lang.Thread",
        "Map<Size, String> p         | parameter p is a map whose keys are no texts or numbers",
        "Optional<Thread> p          | parameter p.value is java.lang.Thread",
        "Open p                      | parameter p is app.Functions$Open, an interface: make it"
            + " sealed",
        "Half p                      | parameter p is app.Functions$Half, an abstract class",
        "Deep p                      | parameter p.jobs[].thread is java.lang.Thread",
        "Mixed p                     | parameter p is sealed with the enum app.Functions$Plain",
        "Loose p                     | parameter p is sealed with app.Functions$Gap, which is"
            + " abstract",
        "Grow<String> p              | parameter p.next",
        "Twice<String> p             | parameter p.next.next.next.next.next.next.next is a generic"
            + " type that grows in itself",
        "Bad p                       | is made with a 'type' that also tells its kind",
        "InputStream p, int n        | parameter p is an InputStream, which takes the whole body",
        "int n, OutputStream p       | parameter p is java.io.OutputStream"
      })
  void parametersThatNoBodyCanFill(String parameters, String words) {
    members(TYPES + "@Fn public void f(" + parameters + ") {}")
        .only()
        .codeAndWords(ProblemCode.UNSUPPORTED_PARAMETER, words);
  }

  @Test
  void typesThatLieTooDeepInEachOther() {
    String deep = "List<".repeat(100) + "String" + ">".repeat(100);
    members("@Fn public void f(" + deep + " p) {}")
        .only()
        .codeAndWords(ProblemCode.UNSUPPORTED_PARAMETER, "more than 96 levels deep");
  }

  @Test
  void typeVariables() {
    members("@Fn public <T> void f(T p) {}")
        .only()
        .codeAndWords(ProblemCode.UNSUPPORTED_PARAMETER, "parameter p is the type variable T");
    type("public class Functions<T> { @Fn public List<T> f() { return null; } }")
        .only()
        .codeAndWords(ProblemCode.UNSUPPORTED_RESULT, "result[] is the type variable T");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Thread                    | result is java.lang.Thread",
        "Object                    | result is java.lang.Object, which says nothing about it",
        "CompletableFuture<String> | result is java.util.concurrent.CompletableFuture, a value to"
            + " come: wait for it",
        "Future<String>            | result is java.util.concurrent.Future, a value to come",
        "Stream<String>            | result is java.util.stream.Stream",
        "Iterator<String>          | result is java.util.Iterator",
        "Open                      | result is app.Functions$Open, an interface",
        "Invocation                | result is dev.fanfare.function.Invocation"
      })
  void resultsThatMakeNoBody(String type, String words) {
    members(TYPES + "@Fn public " + type + " f() { return null; }")
        .only()
        .codeAndWords(ProblemCode.UNSUPPORTED_RESULT, words);
  }

  @Test
  void aTypeWhoseLibraryIsMissing() {
    TestJar whole =
        TestJar.in(folder)
            .source(functions("@Fn public void f(Size size) {} public record Size(int w) {}"));
    byte[] function = whole.classes().get("app/Functions.class");
    refused(TestJar.in(folder).entry("app/Functions.class", function).write())
        .only()
        .codeAndWords(
            ProblemCode.UNSUPPORTED_PARAMETER,
            "parameter size is app.Functions$Size, which is not in the jar: pack the library that"
                + " has it into it");
  }

  @Test
  void everyMistakeOfEveryFunctionIsNamed() {
    assertThat(
            members(
                    """
                    @Fn(timeout = "soon", memory = "1k") void f(Thread a, Runnable b) {}
                    @Fn(name = "F") public Thread g() { return null; }
                    """)
                .codes())
        .containsExactly(
            ProblemCode.UNUSABLE_METHOD,
            ProblemCode.BAD_SETTING,
            ProblemCode.BAD_SETTING,
            ProblemCode.UNSUPPORTED_PARAMETER,
            ProblemCode.UNSUPPORTED_PARAMETER,
            ProblemCode.UNSUPPORTED_RESULT,
            ProblemCode.BAD_NAME);
  }

  @Test
  void moreFunctionsThanTheLimit() {
    Path jar =
        TestJar.in(folder)
            .source(
                functions("@Fn public void a() {} @Fn public void b() {} @Fn public void c() {}"))
            .write();
    var limits = new ScanLimits(100, 1 << 20, 1 << 20, 1 << 20, 2);
    refused(() -> JarScan.scan(jar, Refusals.HASH, limits))
        .with(ProblemCode.TOO_MANY_FUNCTIONS, "", "the jar has more than 2 functions: split it");
  }

  private static final String TYPES =
      """
      public record Size(int w) {}
      public interface Open {}
      public static abstract class Half {}
      public record Job(Thread thread) {}
      public record Deep(List<Job> jobs) {}
      public sealed interface Mixed permits Plain, Size2 {}
      public enum Plain implements Mixed { A }
      public record Size2(int w) implements Mixed {}
      public sealed interface Loose permits Gap {}
      public non-sealed interface Gap extends Loose {}
      public record Grow<T>(T value, Grow<Map<String, T>> next) {}
      public record Pair<A, B>(A a, B b) {}
      public record Twice<T>(Twice<Pair<T, T>> next) {}
      public sealed interface Bad permits Typed {}
      public record Typed(String type) implements Bad {}
      """;

  private Refusals members(String members) {
    return refused(TestJar.in(folder).source(functions(members)).write());
  }

  private Refusals type(String code) {
    return refused(TestJar.in(folder).source(imports() + code).write());
  }
}
