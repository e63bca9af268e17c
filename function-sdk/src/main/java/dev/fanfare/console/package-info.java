/** What a command that runs on a worker is asked and answers. */
@NullMarked
package dev.fanfare.console;

import org.jspecify.annotations.NullMarked;
