/** What a function writes and logs, caught per attempt and bounded. */
@NullMarked
package dev.fanfare.capture;

import org.jspecify.annotations.NullMarked;
