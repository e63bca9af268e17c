/** Functions that are programs in any language: a process for each call, or one for many. */
@NullMarked
package dev.fanfare.program;

import org.jspecify.annotations.NullMarked;
