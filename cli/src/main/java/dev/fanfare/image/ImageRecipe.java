package dev.fanfare.image;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an image is made of.
 *
 * @param base a base image; absent for one from scratch
 * @param layers in order, what changes least first
 * @param entrypoint the program
 */
record ImageRecipe(
    Optional<String> base,
    List<FileEntriesLayer> layers,
    List<String> entrypoint,
    Map<String, String> environment,
    Map<String, String> labels) {

  /** Sorted, since their order is in the digest. */
  ImageRecipe {
    environment = new TreeMap<>(environment);
    labels = new TreeMap<>(labels);
  }

  /** This, with a further layer and label on top. */
  ImageRecipe with(FileEntriesLayer layer, Map<String, String> furtherLabels) {
    var all = new ArrayList<>(layers);
    all.add(layer);
    var named = new LinkedHashMap<>(labels);
    named.putAll(furtherLabels);
    return new ImageRecipe(base, List.copyOf(all), entrypoint, environment, named);
  }

  Map<String, Long> layerBytes() throws IOException {
    var bytes = new LinkedHashMap<String, Long>();
    for (FileEntriesLayer layer : layers) {
      long sum = 0;
      for (var entry : layer.getEntries()) {
        Path file = entry.getSourceFile();
        sum += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
      bytes.put(layer.getName(), sum);
    }
    return bytes;
  }
}
