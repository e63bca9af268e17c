/** The terminal, pipes and environment that a command was started in. */
@NullMarked
package dev.fanfare.terminal;

import org.jspecify.annotations.NullMarked;
