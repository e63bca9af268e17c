/** Small real applications, deployed by the demonstration and by tests. */
@NullMarked
package dev.fanfare.examples;

import org.jspecify.annotations.NullMarked;
