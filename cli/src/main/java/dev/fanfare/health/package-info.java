/** Whether a process is well, told over HTTP to those who start and stop it. */
@NullMarked
package dev.fanfare.health;

import org.jspecify.annotations.NullMarked;
