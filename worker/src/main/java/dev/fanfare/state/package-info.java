/** What a worker's machine is declared to have, and what is found of it. */
@NullMarked
package dev.fanfare.state;

import org.jspecify.annotations.NullMarked;
