package dev.fanfare.context;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The file that keeps contexts with their keys: {@code contexts.json} in the configuration folder,
 * mode 0600. It is refused when others may read it.
 */
public final class ContextFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path file;

  private ContextFile(Path file) {
    this.file = file;
  }

  /** The context file of a configuration folder; neither needs to exist. */
  public static ContextFile in(Path configurationFolder) {
    return new ContextFile(configurationFolder.resolve("contexts.json"));
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /** What the file holds; {@link Contexts#NONE} without a file. */
  public Contexts load() {
    try {
      refuseWhenShared();
      return read(JSON.readTree(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Contexts.NONE;
    } catch (JsonProcessingException e) {
      throw CommandException.usage(file + " is not valid JSON: " + e.getOriginalMessage())
          .advise(
              "repair it, or remove it and start again with: fanfare context add NAME --url URL")
          .causedBy(e);
    } catch (IOException e) {
      throw CommandException.platform("cannot read " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  /** Writes the file anew, all or nothing. */
  public void save(Contexts contexts) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      boolean posix = Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
      Path written =
          posix
              ? Files.createTempFile(
                  folder, "contexts", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY))
              : Files.createTempFile(folder, "contexts", ".new");
      try {
        Files.write(
            written, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree(contexts)));
        Files.move(
            written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(written);
      }
    } catch (IOException e) {
      throw CommandException.platform("cannot write " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  private void refuseWhenShared() throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw CommandException.usage(
              file
                  + " holds keys and others may use it ("
                  + PosixFilePermissions.toString(permissions)
                  + ")")
          .advise("chmod 600 " + file);
    }
  }

  private Contexts read(JsonNode tree) {
    Map<String, Context> contexts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : tree.path("contexts").properties()) {
      JsonNode url = entry.getValue().path("url");
      if (!url.isTextual()) {
        throw CommandException.usage(file + ": context '" + entry.getKey() + "' has no url");
      }
      JsonNode key = entry.getValue().path("key");
      contexts.put(
          entry.getKey(), new Context(url.textValue(), Optional.ofNullable(key.textValue())));
    }
    return new Contexts(
        Optional.ofNullable(tree.path("current").textValue()), new TreeMap<>(contexts));
  }

  private static ObjectNode tree(Contexts contexts) {
    ObjectNode tree = JSON.createObjectNode();
    contexts.current().ifPresent(name -> tree.put("current", name));
    ObjectNode named = tree.putObject("contexts");
    contexts
        .contexts()
        .forEach(
            (name, context) -> {
              ObjectNode one = named.putObject(name).put("url", context.url());
              context.key().ifPresent(key -> one.put("key", key));
            });
    return tree;
  }
}
