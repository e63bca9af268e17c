package dev.fanfare.command;

import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a secret that must not show: from the keyboard without echo, or from a pipe. */
final class SecretPrompt {
  private SecretPrompt() {}

  /** The secret, if one was given. */
  static Optional<String> ask(Shell shell, String prompt) {
    return Optional.ofNullable(
            shell.interactive(Stream.IN) ? fromKeyboard(prompt) : fromPipe(shell))
        .map(String::strip)
        .filter(secret -> !secret.isEmpty());
  }

  private static @Nullable String fromKeyboard(String prompt) {
    char[] typed = Objects.requireNonNull(System.console()).readPassword("%s", prompt);
    return typed == null ? null : new String(typed);
  }

  private static @Nullable String fromPipe(Shell shell) {
    try {
      return new BufferedReader(new InputStreamReader(shell.in(), StandardCharsets.UTF_8))
          .readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
