/** The commands. */
@NullMarked
package dev.fanfare.command;

import org.jspecify.annotations.NullMarked;
