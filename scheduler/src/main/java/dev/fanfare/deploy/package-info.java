/** Reads what a jar offers from its class files, without loading one. */
@NullMarked
package dev.fanfare.deploy;

import org.jspecify.annotations.NullMarked;
