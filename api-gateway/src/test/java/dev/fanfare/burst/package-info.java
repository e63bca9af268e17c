@NullMarked
package dev.fanfare.burst;

import org.jspecify.annotations.NullMarked;
