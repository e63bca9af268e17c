/** A whole platform, or a part of one, in this process. */
@NullMarked
package dev.fanfare.platform;

import org.jspecify.annotations.NullMarked;
