/** Calls deployed functions from any JVM, over HTTP. */
@NullMarked
package dev.fanfare.client;

import org.jspecify.annotations.NullMarked;
