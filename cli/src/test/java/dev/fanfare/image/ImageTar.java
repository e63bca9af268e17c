package dev.fanfare.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What a file for {@code docker load} holds. */
record ImageTar(JsonNode config, List<String> layers, TreeSet<String> files) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static ImageTar read(Path file) throws IOException {
    var json = new TreeMap<String, JsonNode>();
    var files = new TreeSet<String>();
    try (var tar = new TarArchiveInputStream(Files.newInputStream(file))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().endsWith(".json")) {
          String text = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
          json.put(entry.getName(), JSON.readTree(text));
        } else {
          var layer = new TarArchiveInputStream(new GZIPInputStream(tar));
          for (var one = layer.getNextEntry(); one != null; one = layer.getNextEntry()) {
            files.add(one.getName().replaceFirst("^/", ""));
          }
        }
      }
    }
    JsonNode manifest = json.get("manifest.json").path(0);
    var layers = new ArrayList<String>();
    manifest.path("Layers").forEach(layer -> layers.add(layer.asText()));
    return new ImageTar(json.get(manifest.path("Config").asText()), layers, files);
  }
}
