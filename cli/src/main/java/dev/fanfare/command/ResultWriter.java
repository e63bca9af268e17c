package dev.fanfare.command;

import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes a result as it is: every byte, and nothing else, unless a person looks at it. */
final class ResultWriter {
  private final Shell shell;
  private final Optional<Path> file;

  ResultWriter(Shell shell, Optional<Path> file) {
    this.shell = shell;
    this.file = file;
  }

  void write(HttpHeaders headers, InputStream result) {
    try (result) {
      if (file.isPresent()) {
        writeTo(file.get(), result);
      } else if (shell.interactive(Stream.OUT)) {
        show(headers.firstValue("Content-Type").orElse(""), result);
      } else {
        result.transferTo(shell.out());
        shell.out().flush();
      }
    } catch (IOException e) {
      throw CommandException.platform("the result broke off: " + e.getMessage()).causedBy(e);
    }
  }

  private void writeTo(Path target, InputStream result) throws IOException {
    OutputStream opened;
    try {
      opened = Files.newOutputStream(target);
    } catch (IOException e) {
      throw CommandException.usage("cannot write " + target + ": " + e.getMessage()).causedBy(e);
    }
    try (OutputStream out = opened) {
      result.transferTo(out);
    }
  }

  private void show(String contentType, InputStream result) throws IOException {
    if (!isText(contentType)) {
      long size = result.transferTo(OutputStream.nullOutputStream());
      shell.say(
          "the result is "
              + size
              + " bytes of "
              + contentType
              + "; write it to a file with --out FILE");
      return;
    }
    byte[] buffer = new byte[16 * 1024];
    byte last = '\n';
    for (int n = result.read(buffer); n > 0; n = result.read(buffer)) {
      shell.out().write(buffer, 0, n);
      last = buffer[n - 1];
    }
    if (last != '\n') {
      shell.out().println();
    }
    shell.out().flush();
  }

  private static boolean isText(String contentType) {
    return contentType.isEmpty()
        || contentType.startsWith("text/")
        || contentType.contains("json")
        || contentType.contains("xml");
  }
}
