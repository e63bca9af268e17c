/** Copies of everything durable of a node in one file, and back. */
@NullMarked
package dev.fanfare.backup;

import org.jspecify.annotations.NullMarked;
