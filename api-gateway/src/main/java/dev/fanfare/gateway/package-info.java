/** The HTTP front door and the server end of worker sessions. */
@NullMarked
package dev.fanfare.gateway;

import org.jspecify.annotations.NullMarked;
