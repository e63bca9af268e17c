/**
 * Sessions over a pair of byte streams, such as those of {@code ssh}: the far end, where the worker
 * runs, asks the near end to dial its gateway, and frames go through.
 */
@org.jspecify.annotations.NullMarked
package dev.fanfare.pipe;
