package dev.fanfare.command;

import dev.fanfare.remote.Remote;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to pause or to resume: one function, or all together. */
final class PausedThing {
  @Parameters(arity = "0..1", paramLabel = "FUNCTION", description = "The function's name.")
  Optional<String> function = Optional.empty();

  @Option(
      names = "--all",
      required = true,
      description = "All functions of the tenant, those to come too.")
  boolean all;

  String path() {
    return "/v1/pauses" + function.map(name -> "/" + Remote.escape(name)).orElse("");
  }

  @Override
  public String toString() {
    return function.orElse("every function");
  }
}
