/** What runs inside a child process: loads a jar, binds arguments, runs the function. */
@NullMarked
package dev.fanfare.runtime;

import org.jspecify.annotations.NullMarked;
