/** What goes through the channel of a command that runs on a worker. */
@NullMarked
package dev.fanfare.console;

import org.jspecify.annotations.NullMarked;
