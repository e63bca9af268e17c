package dev.fanfare.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests await a condition; none hopes that a while is enough. */
class NoSleepTest {

  private static final ArchRule NO_SLEEP =
      noClasses()
          .should()
          .accessTargetWhere(DescribedPredicate.describe("sleeps", NoSleepTest::sleeps))
          .because(
              "a sleep is too short on a slow machine and too long on all others: use Awaitility");

  @Test
  void noTestSleeps() throws IOException {
    NO_SLEEP.check(
        Checkout.here()
            .testClasses()
            .that(
                DescribedPredicate.describe(
                    "are not the planted sleepers",
                    type -> !type.getName().startsWith(NoSleepTest.class.getName() + "$"))));
  }

  @Test
  void aSleepIsFound() {
    var planted = new ClassFileImporter().importClasses(Sleeper.class);
    assertThat(NO_SLEEP.evaluate(planted).getFailureReport().getDetails()).hasSize(2);
  }

  private static boolean sleeps(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    JavaClass owner = target.getOwner();
    return target.getName().equals("sleep")
        && (owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class));
  }

  private static final class Sleeper {
    private Sleeper() {}

    @SuppressWarnings("unused") // by the rule
    static void sleepTwice() throws InterruptedException {
      Thread.sleep(1);
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
