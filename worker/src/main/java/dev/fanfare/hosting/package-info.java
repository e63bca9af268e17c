/**
 * What the worker asks of anything that hosts a revision: a child process or a class loader of its
 * own.
 */
@NullMarked
package dev.fanfare.hosting;

import org.jspecify.annotations.NullMarked;
