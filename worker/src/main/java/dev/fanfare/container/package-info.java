/** What runs functions in containers of this machine's engine. */
@NullMarked
package dev.fanfare.container;

import org.jspecify.annotations.NullMarked;
