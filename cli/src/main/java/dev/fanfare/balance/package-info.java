/** One door in front of several gateways. */
@NullMarked
package dev.fanfare.balance;

import org.jspecify.annotations.NullMarked;
