/** Values of flags from environment variables and the configuration file. */
@NullMarked
package dev.fanfare.settings;

import org.jspecify.annotations.NullMarked;
