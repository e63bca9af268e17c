package dev.fanfare.protocol;

/**
 * What one attempt used, as its worker measured it.
 *
 * @param coldMicros getting a runtime ready for it, 0 when one was warm
 * @param runMicros inside the function
 * @param cpuMicros processor time of its thread, 0 where it cannot be told
 * @param peakMemoryBytes highest heap of its runtime seen, 0 where it cannot be told
 * @param bytesIn size of the request body
 * @param bytesOut size of the result
 */
public record Usage(
    long coldMicros,
    long runMicros,
    long cpuMicros,
    long peakMemoryBytes,
    long bytesIn,
    long bytesOut) {
  /** Nothing was used, or nothing is known. */
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);
}
