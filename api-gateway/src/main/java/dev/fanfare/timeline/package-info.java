/** When what happened in a burst, gathered in little memory and drawn. */
@NullMarked
package dev.fanfare.timeline;

import org.jspecify.annotations.NullMarked;
