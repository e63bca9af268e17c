/** Black-box tests of the whole platform. */
@NullMarked
package dev.fanfare;

import org.jspecify.annotations.NullMarked;
