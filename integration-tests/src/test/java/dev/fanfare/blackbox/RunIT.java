package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FunctionFailed;
import dev.fanfare.client.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code fanfare run}: a source file runs on a worker as {@code java FILE} runs it. */
@Timeout(180)
class RunIT {
  @TempDir static Path home;
  private static Platform platform;

  @BeforeAll
  static void start() {
    platform = Platform.up(home);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void aCompactSourceFileRunsWithItsArgumentsAndIsNoDeployedFunction() {
    var ran =
        run(
            "Greet.java",
            """
            static int runs;

            void main(String[] names) {
              for (String name : names) IO.println("hello " + name + " " + ++runs);
              System.err.println("done");
            }
            """,
            "Ada",
            "--loud");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).isEqualTo("hello Ada 1\nhello --loud 2\n");
    assertThat(ran.err()).isEqualTo("done\n");
    assertThat(run("Greet.java", read("Greet.java"), "--", "Bob").out())
        .as("no field outlives a run")
        .isEqualTo("hello Bob 1\n");
    assertThat(platform.cli().run("list", "-o", "json").out()).doesNotContain("fanfare.source");
  }

  @Test
  void aClassWithAStaticMainRunsAndItsThreadsAreWaitedFor() {
    var ran =
        run(
            "Classic.java",
            """
            import java.util.concurrent.CountDownLatch;
            public class Classic {
              record Pair(int a, int b) {}
              public static void main(String[] args) {
                var started = new CountDownLatch(1);
                new Thread(() -> {
                  try { started.await(); } catch (InterruptedException e) { return; }
                  System.out.println("thread");
                }).start();
                System.out.println(new Pair(1, 2));
                started.countDown();
              }
            }
            """);
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).isEqualTo("Pair[a=1, b=2]\nthread\n");
  }

  @Test
  void anExceptionIsTheCommandsFailureAndShowsTheSourcesLines() {
    var ran =
        run(
            "Boom.java",
            """
            void main() {
              IO.println("before");
              deeper(0);
            }

            void deeper(int by) {
              throw new IllegalStateException("nothing to divide by " + by);
            }
            """);
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEqualTo("before\n");
    assertThat(ran.err())
        .contains("java.lang.IllegalStateException: nothing to divide by 0")
        .contains("at Boom.deeper(Boom.java:7)")
        .contains("at Boom.main(Boom.java:3)")
        .doesNotContain("dev.fanfare");
  }

  @Test
  void whatDoesNotCompileIsToldWithLineAndColumn() {
    var ran = run("Wrong.java", "void main() {\n  int n = 1\n}\n");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("Wrong.java:2:12: error: ';' expected").contains("int n = 1");
  }

  @Test
  void theExitCodePassesThrough() {
    var three =
        run(
            "Exits.java",
            "void main(String[] a) { IO.print(1); System.exit(a.length); }",
            "a",
            "b",
            "c");
    assertThat(three.exit()).as(three.err()).isEqualTo(3);
    assertThat(three.out()).isEqualTo("1\n");
    assertThat(run("Exits.java", read("Exits.java")).exit()).isZero();
  }

  @Test
  void whatCannotRunIsRefusedInWords() {
    assertThat(platform.cli().run("run", "no-such.java").err()).contains("there is no file");
    assertThat(run("a-b.java", "void main() {}").err())
        .contains("'a-b.java' is no name of a source file");
    var nowhere = run(List.of("--on", "mars"), "Greet2.java", "void main() {}");
    assertThat(nowhere.exit()).isEqualTo(3);
    assertThat(nowhere.err()).contains("mars");
    assertThat(run("None.java", "class None {}").err()).contains("no main method");
  }

  @Test
  void aProgramRunsSourceAndItsOwnMethodsOnAWorker() {
    try (var fanfare = Fanfare.connect(platform.url(), platform.key())) {
      String source =
          "public class Told { public static void main(String[] a) {"
              + " System.out.println(a[0]); System.err.println(a.length); } }";
      Ran ran = fanfare.remoteExec(source, "hello");
      assertThat(ran.out()).isEqualTo("hello\n");
      assertThat(ran.err()).isEqualTo("1\n");
      assertThatThrownBy(() -> fanfare.remoteExec("void main() { int n = ; }"))
          .isInstanceOfSatisfying(
              FunctionFailed.class, failed -> assertThat(failed.type()).isEqualTo("compile-error"))
          .hasMessageContaining("Main.java:1:23: error");
      assertThat(fanfare.remoteExec(RunIT.class, "sum", 40, 2)).isEqualTo(42);
      assertThat(fanfare.remoteExec(RunIT.class, "nothing")).isNull();
      assertThatThrownBy(() -> fanfare.remoteExec(RunIT.class, "sum", "one"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no static method sum");
    }
  }

  @Test
  void aMainThatTakesAChannelIsTalkedWithInLines() {
    String source =
        """
        import dev.fanfare.function.Channel;
        record Word(String text, int length) {}

        void main(String[] args, Channel<String, Word> channel) {
          IO.println("printed");
          for (String word : channel) channel.send(new Word(word + args[0], word.length()));
          channel.send(new Word("end", 0));
          if (args.length > 1) System.exit(7);
        }
        """;
    write("Talk.java", source);
    String file = home.resolve("Talk.java").toString();
    var ran = platform.cli().runWithInput("one\n2\n\"three\"\n", "run", file, "!");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            {"text":"one!","length":3}
            {"text":"2!","length":1}
            {"text":"\\"three\\"!","length":7}
            {"text":"end","length":0}
            """);
    assertThat(ran.err()).isEqualTo("printed\n");

    var exits = platform.cli().runWithInput("a\n", "run", file, "", "exit");
    assertThat(exits.exit()).as(exits.err()).isEqualTo(7);
    assertThat(exits.out()).endsWith("{\"text\":\"end\",\"length\":0}\n");

    write("Wrong.java", "import dev.fanfare.function.Channel;\nvoid main(Channel<Int, Int> c) {}");
    var wrong = platform.cli().runWithInput("", "run", home.resolve("Wrong.java").toString());
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err()).contains("Wrong.java:2:19: error: cannot find symbol");
  }

  @Test
  void aProgramTalksWithASourcesMain() {
    String source =
        """
        import dev.fanfare.function.Channel;
        public class Doubles {
          public static void main(Channel<Integer, Integer> channel) {
            channel.onMessage(n -> channel.send(new Object() { int twice() { return 2 * n; } }.twice()), end -> {});
          }
        }
        """;
    try (var fanfare = Fanfare.connect(platform.url(), platform.key());
        var doubles = fanfare.remoteOpen(source, Integer.class, Integer.class)) {
      for (int i = 0; i < 100; i++) {
        doubles.send(i);
        assertThat(doubles.receive()).isEqualTo(2 * i);
      }
      doubles.end();
      assertThat(doubles.receive()).isNull();
    }
  }

  static int sum(int a, int b) {
    return a + b;
  }

  static void nothing() {}

  private static Launcher.Finished run(String file, String source, String... arguments) {
    var words = new ArrayList<String>();
    words.add("run");
    words.add(write(file, source));
    words.addAll(List.of(arguments));
    return platform.cli().run(words.toArray(String[]::new));
  }

  private static Launcher.Finished run(List<String> options, String file, String source) {
    var words = new ArrayList<String>();
    words.add("run");
    words.addAll(options);
    words.add(write(file, source));
    return platform.cli().run(words.toArray(String[]::new));
  }

  private static String write(String file, String source) {
    try {
      return Files.writeString(home.resolve(file), source).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(home.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
