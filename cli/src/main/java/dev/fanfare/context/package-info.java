/** Which platform the commands talk to: named URLs with their keys, in one private file. */
@NullMarked
package dev.fanfare.context;

import org.jspecify.annotations.NullMarked;
