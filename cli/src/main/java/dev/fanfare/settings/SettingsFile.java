package dev.fanfare.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the configuration file: JSON, in which comments are allowed. */
final class SettingsFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.ALLOW_COMMENTS);

  private SettingsFile() {}

  /** What the file holds; nothing without a file, unless it was asked for by name. */
  static JsonNode read(Path file, boolean required) {
    try {
      JsonNode tree = JSON.readTree(Files.readAllBytes(file));
      if (!tree.isObject()) {
        throw CommandException.usage(file + " must hold one JSON object");
      }
      return tree;
    } catch (NoSuchFileException e) {
      if (required) {
        throw CommandException.usage("there is no configuration file " + file);
      }
      return MissingNode.getInstance();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw CommandException.usage(
          file + " is not valid JSON, line " + line + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw CommandException.usage("cannot read " + file + ": " + e.getMessage());
    }
  }
}
