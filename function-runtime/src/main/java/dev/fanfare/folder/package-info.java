/**
 * The end of a sync that is written to: a folder of this machine that is never left, whatever the
 * other end says and whoever else writes there meanwhile.
 */
@NullMarked
package dev.fanfare.folder;

import org.jspecify.annotations.NullMarked;
