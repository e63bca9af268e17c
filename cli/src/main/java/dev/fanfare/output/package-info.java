/** Tables, JSON and figures as people read them. */
@NullMarked
package dev.fanfare.output;

import org.jspecify.annotations.NullMarked;
