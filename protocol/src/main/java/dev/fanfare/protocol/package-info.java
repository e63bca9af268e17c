/**
 * The words that every part of the platform speaks: ids, invocations, outcomes, policies. No I/O.
 */
@NullMarked
package dev.fanfare.protocol;

import org.jspecify.annotations.NullMarked;
