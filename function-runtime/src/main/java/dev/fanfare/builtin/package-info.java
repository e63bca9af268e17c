/** The functions that every worker has of itself. */
@NullMarked
package dev.fanfare.builtin;

import org.jspecify.annotations.NullMarked;
