/**
 * The platform's words as bytes, between members only: compact, and of one software version. What
 * crosses a session is frames instead.
 */
@NullMarked
package dev.fanfare.encoding;

import org.jspecify.annotations.NullMarked;
