/** Tests through the front door: real processes started by the launcher, on free ports. */
@NullMarked
package dev.fanfare.blackbox;

import org.jspecify.annotations.NullMarked;
