/**
 * What travels in a worker session and between a worker and its runtimes. Specified in
 * docs/protocol.md.
 */
@NullMarked
package dev.fanfare.frame;

import org.jspecify.annotations.NullMarked;
