/** Checks of the machine and the platform that say what to do. */
@NullMarked
package dev.fanfare.doctor;

import org.jspecify.annotations.NullMarked;
