package dev.fanfare.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrows between modules point one way, and each module sees only the libraries it may see. */
class ModuleArrowsTest {

  /** Which modules each module may use. */
  static final Map<String, Set<String>> ARROWS =
      Map.of(
          "function-sdk", Set.of(),
          "protocol", Set.of("function-sdk"),
          "function-runtime", Set.of("protocol", "function-sdk"),
          "scheduler", Set.of("protocol", "function-sdk"),
          "api-gateway", Set.of("scheduler", "protocol", "function-sdk"),
          "worker", Set.of("function-runtime", "protocol", "function-sdk"),
          "cli",
              Set.of(
                  "api-gateway",
                  "worker",
                  "scheduler",
                  "function-runtime",
                  "protocol",
                  "function-sdk"),
          "examples", Set.of("function-sdk"));

  private final Checkout checkout = Checkout.here();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "function-sdk",
        "protocol",
        "function-runtime",
        "scheduler",
        "api-gateway",
        "worker",
        "cli",
        "examples"
      })
  void aModuleUsesOnlyTheModulesItsArrowsPointTo(String module) {
    assertThat(strays(module, ARROWS.getOrDefault(module, Set.of()))).isEmpty();
  }

  @Test
  void anArrowThatIsNotAllowedIsFound() {
    assertThat(strays("protocol", Set.of())).isNotEmpty();
  }

  @Test
  void noPackageIsSplitBetweenModules() {
    Map<String, Set<String>> owners = new TreeMap<>();
    for (String module : ARROWS.keySet()) {
      for (JavaClass type : checkout.mainClasses(module)) {
        owners.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>()).add(module);
      }
    }
    owners.values().removeIf(modules -> modules.size() == 1);
    assertThat(owners).as("Packages in more than one module").isEmpty();
  }

  @Test
  void theFunctionSdkSeesNothingButTheJdkJacksonAndJspecify() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "dev.fanfare..", "java..", "javax..", "com.fasterxml.jackson..", "org.jspecify..")
        .check(checkout.mainClasses("function-sdk"));
  }

  @Test
  void theProtocolDoesNoInputOrOutput() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "reach a network or a file",
                type ->
                    type.getPackageName().startsWith("java.net")
                            && !type.getName().equals("java.net.URI")
                        || type.getPackageName().startsWith("java.nio.channels")
                        || type.getPackageName().startsWith("java.nio.file")
                        || type.getPackageName().startsWith("io.")
                        || type.getPackageName().startsWith("com.hazelcast")))
        .check(checkout.mainClasses("protocol"));
  }

  @Test
  void workersNeverSeeHazelcast() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster..")
        .check(checkout.mainClasses("worker"));
  }

  @Test
  void nothingUsesTheInsidesOfHazelcast() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..impl..", "com.hazelcast.internal..")
        .check(everything());
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("dev.fanfare.(**)").should().beFreeOfCycles().check(everything());
  }

  private JavaClasses everything() {
    List<Path> compiled =
        ARROWS.keySet().stream()
            .map(module -> checkout.root().resolve(module).resolve("target/classes"))
            .toList();
    JavaClasses classes = new ClassFileImporter().importPaths(compiled);
    assertThat(classes).as("Main classes of all modules").isNotEmpty();
    return classes;
  }

  /** The dependencies of a module on others of ours that it may not use, one a line. */
  private String strays(String module, Set<String> allowed) {
    Set<String> forbidden = new TreeSet<>();
    for (String other : ARROWS.keySet()) {
      if (!other.equals(module) && !allowed.contains(other)) {
        checkout.mainClasses(other).forEach(type -> forbidden.add(type.getName()));
      }
    }
    return checkout.mainClasses(module).stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(use -> forbidden.contains(use.getTargetClass().getBaseComponentType().getName()))
        .map(use -> use.getDescription())
        .collect(joining("\n"));
  }
}
