/** Runtimes that are child processes: started ahead, spoken to over a Unix-domain socket. */
@NullMarked
package dev.fanfare.process;

import org.jspecify.annotations.NullMarked;
