/** What a function's author compiles against: annotations, the running invocation, refusals. */
@NullMarked
package dev.fanfare.function;

import org.jspecify.annotations.NullMarked;
