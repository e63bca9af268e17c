@NullMarked
package dev.fanfare.timeline;

import org.jspecify.annotations.NullMarked;
