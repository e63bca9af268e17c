/**
 * What is on disk of a burst that goes on by itself: its items and results in pages, and a head
 * that names them.
 */
@NullMarked
package dev.fanfare.journal;

import org.jspecify.annotations.NullMarked;
