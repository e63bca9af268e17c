/** JMH and end-to-end benchmarks. */
@NullMarked
package dev.fanfare.benchmark;

import org.jspecify.annotations.NullMarked;
