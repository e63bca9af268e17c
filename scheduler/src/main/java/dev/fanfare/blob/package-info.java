/** Bytes named by their SHA-256, in a folder. */
@NullMarked
package dev.fanfare.blob;

import org.jspecify.annotations.NullMarked;
