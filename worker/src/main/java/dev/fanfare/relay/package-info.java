/**
 * A relay: lets workers in that cannot reach the gateway themselves, and passes their sessions on
 * as they are.
 */
@org.jspecify.annotations.NullMarked
package dev.fanfare.relay;
