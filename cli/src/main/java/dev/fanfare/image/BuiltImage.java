package dev.fanfare.image;

import java.util.Map;

/**
 * An image that was built.
 *
 * @param digest of its manifest: the same input makes the same
 * @param layerBytes what each layer added by Fanfare holds, in order, uncompressed
 */
public record BuiltImage(String name, String digest, Map<String, Long> layerBytes) {

  /** What all layers added by Fanfare hold, uncompressed. */
  public long bytes() {
    return layerBytes.values().stream().mapToLong(Long::longValue).sum();
  }
}
