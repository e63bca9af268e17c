/**
 * Carries a lambda to far machines: its captured values, and the classes it needs in a jar of its
 * own.
 */
@NullMarked
package dev.fanfare.shipping;

import org.jspecify.annotations.NullMarked;
