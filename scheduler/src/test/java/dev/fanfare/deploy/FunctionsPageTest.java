package dev.fanfare.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.LogLine;
import dev.fanfare.function.Fn;
import dev.fanfare.function.Invocation;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/functions.md says is what the code does. */
@Timeout(60)
class FunctionsPageTest {
  private static final String PAGE = page();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyRefusalIsExplained(ProblemCode code) {
    assertThat(PAGE).contains("`" + code.code() + "`");
  }

  @ParameterizedTest
  @MethodSource
  void everyMemberIsExplained(Method member) {
    assertThat(PAGE).contains("| `" + member.getName() + "` |");
  }

  static Stream<Method> everyMemberIsExplained() {
    return Stream.of(Fn.class.getDeclaredMethods());
  }

  @ParameterizedTest
  @MethodSource
  void whatAnInvocationTellsIsNamed(Method method) {
    assertThat(PAGE).contains("`" + method.getName() + "`");
  }

  static Stream<Method> whatAnInvocationTellsIsNamed() {
    return Stream.of(Invocation.class.getDeclaredMethods());
  }

  @Test
  void theBoundsAreThoseOfTheCode() {
    ScanLimits limits = ScanLimits.DEFAULT;
    assertThat(PAGE)
        .contains("1ms to " + Durations.format(Policy.LONGEST_TIMEOUT))
        .contains("0 to " + Policy.MOST_RETRIES)
        .contains("1 to " + Problems.count(Policy.MOST_CONCURRENCY))
        .contains((Policy.LEAST_MEMORY_BYTES >> 20) + "m to 1024g")
        .contains("| " + (Policy.DEFAULT_MEMORY_BYTES >> 20) + "m |")
        .contains("| " + Policy.DEFAULT_TIMEOUT.toSeconds() + "s |")
        .contains(Policy.ASYNC_RETRIES + " for an asynchronous one")
        .contains("more than " + Problems.count(limits.entries()) + " entries")
        .contains("more than " + Problems.count(limits.functions()) + " functions")
        .contains("more than " + (limits.unpackedBytes() >> 30) + " GiB")
        .contains("over " + (limits.classBytes() >> 20) + " MiB")
        .contains(Problems.count(LogLine.TEXT_LIMIT) + " characters a line")
        .contains("newer Java than " + Runtime.version().feature());
  }

  @Test
  void theExampleCanBeDeployed() {
    TestJar jar = TestJar.in(folder);
    Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(PAGE)
        .results()
        .forEach(block -> jar.source(block.group(1)));

    assertThat(jar.scan().functions())
        .extracting(each -> each.name().value())
        .containsExactly("greet", "total");
  }

  @Test
  void everyScalarItNamesIsTaken() {
    String list = PAGE.substring(PAGE.indexOf("<!-- scalars"), PAGE.indexOf("<!-- end of scalars"));
    List<String> types =
        Pattern.compile("`(\\w+)`").matcher(list).results().map(found -> found.group(1)).toList();
    String functions =
        IntStream.range(0, types.size())
            .mapToObj(i -> "@Fn public void take%d(%s value) {}".formatted(i, types.get(i)))
            .collect(Collectors.joining("\n"));
    String source =
        TestJar.functions(functions)
            .replace("package app;", "package app; import java.util.regex.*;");

    List<FunctionSpec> taken = TestJar.in(folder).source(source).scan().functions();

    assertThat(taken).hasSameSizeAs(types).hasSizeGreaterThan(30);
    assertThat(taken)
        .allSatisfy(
            spec ->
                assertThat(spec.parameters().getFirst().kind())
                    .isEqualTo(FunctionSpec.ParameterKind.FIELD));
  }

  private static String page() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/functions.md"))) {
      folder = folder.getParent();
    }
    try {
      return Files.readString(folder.resolve("docs/functions.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
