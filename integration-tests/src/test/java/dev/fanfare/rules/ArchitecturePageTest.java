package dev.fanfare.rules;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page that tells how the parts fit names all of them, and none that is not there. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ArchitecturePageTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** A class, or a method of one. */
  private static final Pattern CLASS = Pattern.compile("@?([A-Z]\\w+)(\\.\\w+(\\(\\))?)?");

  private final Checkout checkout = Checkout.here();
  private Set<String> quoted;

  @BeforeEach
  void read() throws Exception {
    String page = Files.readString(checkout.root().resolve("docs/architecture.md"));
    quoted =
        QUOTED
            .matcher(page.replaceAll("(?s)```.*?```", ""))
            .results()
            .map(found -> found.group(1))
            .collect(toCollection(TreeSet::new));
  }

  @Test
  void everyPackageIsNamed() {
    Set<String> packages =
        classes()
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .collect(toCollection(TreeSet::new));
    assertThat(quoted).containsAll(packages);
  }

  @Test
  void everyClassThatIsNamedIsThere() {
    Set<String> named =
        quoted.stream()
            .map(CLASS::matcher)
            .filter(Matcher::matches)
            .map(found -> found.group(1))
            .collect(toCollection(TreeSet::new));
    assertThat(named).hasSizeGreaterThan(30);
    assertThat(classes().map(JavaClass::getSimpleName)).containsAll(named);
  }

  private Stream<JavaClass> classes() {
    return ModuleArrowsTest.ARROWS.keySet().stream()
        .flatMap(module -> checkout.mainClasses(module).stream());
  }
}
