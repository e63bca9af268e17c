/** A revision's code: loaded from its jar, its functions found and called. */
@NullMarked
package dev.fanfare.code;

import org.jspecify.annotations.NullMarked;
