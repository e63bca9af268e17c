/**
 * Bursts: many invocations submitted as one, with a bounded number of them on their way, results as
 * they come, and one place that knows how far it all is.
 */
@NullMarked
package dev.fanfare.burst;

import org.jspecify.annotations.NullMarked;
