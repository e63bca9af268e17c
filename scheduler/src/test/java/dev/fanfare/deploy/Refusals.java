package dev.fanfare.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fanfare.protocol.Sha256;
import java.nio.file.Path;
import java.util.List;

/** Asserts that a jar is refused, and in which words. */
record Refusals(Undeployable exception) {
  static final Sha256 HASH = Sha256.of(new byte[0]);

  static Refusals refused(Path jar) {
    return refused(() -> TestJar.scan(jar));
  }

  static Refusals refused(Runnable scan) {
    Undeployable exception = catchThrowableOfType(Undeployable.class, scan::run);
    assertThat(exception).as("a refusal").isNotNull();
    return new Refusals(exception);
  }

  Refusals with(ProblemCode code, String where, String words) {
    assertThat(exception.problems())
        .anySatisfy(
            problem -> {
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.where()).isEqualTo(where);
              assertThat(problem.message()).contains(words);
            });
    assertThat(exception).hasMessageContaining(words);
    return this;
  }

  Refusals codeAndWords(ProblemCode code, String words) {
    return with(code, exception.problems().getFirst().where(), words);
  }

  Refusals only() {
    assertThat(exception.problems()).as(exception.getMessage().replace("%", "%%")).hasSize(1);
    return this;
  }

  List<ProblemCode> codes() {
    return exception.problems().stream().map(Undeployable.Problem::code).toList();
  }
}
