/**
 * Workers on machines that are reached by {@code ssh}: looks what is there, sends what is missing,
 * starts the worker, and passes its session through.
 */
@org.jspecify.annotations.NullMarked
package dev.fanfare.ssh;
