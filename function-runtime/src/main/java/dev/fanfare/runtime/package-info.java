/**
 * Hosts one revision: takes leases, runs attempts, sends outcomes. The main class of a child
 * process.
 */
@NullMarked
package dev.fanfare.runtime;

import org.jspecify.annotations.NullMarked;
