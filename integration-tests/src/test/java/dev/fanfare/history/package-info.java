/**
 * Says from the outside whether a platform kept its promises: clients write down what they asked
 * and were told, functions what they did, and {@link dev.fanfare.history.Checker} holds both and
 * the platform's last word against H1 to H8.
 */
@NullMarked
package dev.fanfare.history;

import org.jspecify.annotations.NullMarked;
