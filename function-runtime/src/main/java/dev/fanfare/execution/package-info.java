/**
 * Commands of the operating system, run and ended with everything that they started: byte streams,
 * signals, pseudo-terminals.
 */
@NullMarked
package dev.fanfare.execution;

import org.jspecify.annotations.NullMarked;
