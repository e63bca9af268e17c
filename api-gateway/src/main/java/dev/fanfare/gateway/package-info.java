/** The HTTP front door. */
@NullMarked
package dev.fanfare.gateway;

import org.jspecify.annotations.NullMarked;
