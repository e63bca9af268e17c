package dev.fanfare.command;

import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A revision's files, fetched from the platform into a folder that goes when this is closed. */
record FetchedRevision(RevisionId id, Path folder) implements AutoCloseable {

  /** Fetches what the reference, as in a call, means now. */
  static FetchedRevision of(Remote remote, String reference) {
    try {
      Path folder = Files.createTempDirectory("fanfare-revision-");
      Path manifest = fetch(remote, reference, folder.resolve("manifest"));
      // The manifest's hash is the revision's id, so that both are of one revision.
      var id = new RevisionId(Sha256.of(Files.readAllBytes(manifest)));
      String exactly = reference.split("[:@]", 2)[0] + "@" + id;
      fetch(remote, exactly, folder.resolve("artifact"));
      return new FetchedRevision(id, folder);
    } catch (IOException e) {
      throw CommandException.platform("the revision cannot be kept here for a while: " + e)
          .causedBy(e);
    }
  }

  Path manifest() {
    return folder.resolve("manifest");
  }

  Path artifact() {
    return folder.resolve("artifact");
  }

  private static Path fetch(Remote remote, String reference, Path file) throws IOException {
    // What parts a name from its alias or revision stays as it is.
    String escaped = Remote.escape(reference).replace("%3A", ":").replace("%40", "@");
    String path = "/v1/revisions/" + escaped + "/" + file.getFileName();
    HttpResponse<InputStream> answer = remote.open(remote.request(path).GET());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        throw remote.refusal(
            Problem.read(answer.statusCode(), answer.headers(), body.readAllBytes()));
      }
      Files.copy(body, file);
      return file;
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // the system's clean-up of temporary folders takes it
    }
  }
}
