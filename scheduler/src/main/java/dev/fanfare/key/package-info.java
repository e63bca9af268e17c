/** API keys: who may do what, in which tenant. */
@NullMarked
package dev.fanfare.key;

import org.jspecify.annotations.NullMarked;
