@NullMarked
package dev.fanfare.state;

import org.jspecify.annotations.NullMarked;
