/** Bodies into arguments and return values into bodies. */
@NullMarked
package dev.fanfare.json;

import org.jspecify.annotations.NullMarked;
