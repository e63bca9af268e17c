/** Making folders on workers like one here: what both ends say, and the end that has the files. */
@NullMarked
package dev.fanfare.sync;

import org.jspecify.annotations.NullMarked;
