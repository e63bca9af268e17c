/** Sessions from the outside, whatever they travel over. */
@NullMarked
package dev.fanfare.session;

import org.jspecify.annotations.NullMarked;
