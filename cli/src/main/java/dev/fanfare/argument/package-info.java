/** Arguments of a function from flags, by its schema. */
@NullMarked
package dev.fanfare.argument;

import org.jspecify.annotations.NullMarked;
