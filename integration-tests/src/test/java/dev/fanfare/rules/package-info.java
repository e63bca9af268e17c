/** Rules that the whole checkout keeps: module arrows, formatting, no sleeps in tests. */
@NullMarked
package dev.fanfare.rules;

import org.jspecify.annotations.NullMarked;
