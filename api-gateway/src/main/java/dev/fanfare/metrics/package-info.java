/** What the gateway tells Prometheus. */
@NullMarked
package dev.fanfare.metrics;

import org.jspecify.annotations.NullMarked;
