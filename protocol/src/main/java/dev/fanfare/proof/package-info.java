/**
 * How a worker and a gateway prove to each other that they know the same key, without telling it.
 * No I/O.
 */
@org.jspecify.annotations.NullMarked
package dev.fanfare.proof;
