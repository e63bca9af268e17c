/** The durable record of truth: revisions, aliases, keys, invocation history and logs, in SQL. */
@NullMarked
package dev.fanfare.ledger;

import org.jspecify.annotations.NullMarked;
