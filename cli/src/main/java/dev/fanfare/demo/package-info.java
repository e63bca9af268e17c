/** The demonstration. */
@NullMarked
package dev.fanfare.demo;

import org.jspecify.annotations.NullMarked;
