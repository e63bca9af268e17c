/** Container images, built without an engine. */
@NullMarked
package dev.fanfare.image;

import org.jspecify.annotations.NullMarked;
