package dev.fanfare.state;

import dev.fanfare.protocol.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was found of all that is declared.
 *
 * @param id the first twelve digits of the SHA-256 of the lines {@code name=found}, sorted: equal
 *     findings have equal ids, on whichever machine
 * @param findings sorted by name
 * @param trouble why nothing could be looked at
 */
public record MachineState(String id, List<Finding> findings, Optional<String> trouble) {
  public MachineState {
    findings = List.copyOf(findings);
  }

  static MachineState of(List<Finding> findings) {
    List<Finding> sorted = findings.stream().sorted(Comparator.comparing(Finding::name)).toList();
    String lines =
        sorted.stream()
            .map(one -> one.name() + "=" + one.found() + "\n")
            .collect(Collectors.joining());
    String id = Sha256.of(lines.getBytes(StandardCharsets.UTF_8)).brief();
    return new MachineState(id, sorted, Optional.empty());
  }

  /** The declaration cannot be read (any more). */
  static MachineState unknown(String why) {
    return new MachineState("", List.of(), Optional.of(why));
  }

  /** What is not as it was declared, in words; empty if all is. */
  public String unmet() {
    return trouble.orElseGet(
        () ->
            findings.stream()
                .filter(one -> one.wanted().isPresent())
                .map(Finding::words)
                .collect(Collectors.joining("; ")));
  }
}
