/** The client end of a session, slots and runtime processes. */
@NullMarked
package dev.fanfare.worker;

import org.jspecify.annotations.NullMarked;
