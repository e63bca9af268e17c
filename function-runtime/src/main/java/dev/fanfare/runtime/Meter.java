package dev.fanfare.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** Measures processor time of threads and the heap's peak. */
final class Meter {
  /** Attempts shorter than this are not worth asking the memory pools, which takes microseconds. */
  private static final long ASK_POOLS_MICROS = 2_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();
  private final boolean processorTime = threads.isCurrentThreadCpuTimeSupported();
  private volatile long peak;

  /** Processor time of this thread; 0 for a virtual thread, of which it cannot be told. */
  long processorNanos() {
    return processorTime && !Thread.currentThread().isVirtual()
        ? Math.max(0, threads.getCurrentThreadCpuTime())
        : 0;
  }

  /** The most heap that was in use so far, as far as it was seen. */
  long peakMemory(long runMicros) {
    Runtime runtime = Runtime.getRuntime();
    long seen = runtime.totalMemory() - runtime.freeMemory();
    if (runMicros >= ASK_POOLS_MICROS) {
      long peaks = 0;
      for (MemoryPoolMXBean pool : pools) {
        peaks += pool.getPeakUsage().getUsed();
      }
      seen = Math.max(seen, peaks);
    }
    if (seen > peak) {
      peak = seen;
    }
    return peak;
  }
}
