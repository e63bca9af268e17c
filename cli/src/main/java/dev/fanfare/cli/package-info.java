/** The entry point of the command line. */
@NullMarked
package dev.fanfare.cli;

import org.jspecify.annotations.NullMarked;
