/** The platform over HTTP. */
@NullMarked
package dev.fanfare.remote;

import org.jspecify.annotations.NullMarked;
