/** Java source as code: compiled where it runs, its {@code main} found as Java 25 finds it. */
@NullMarked
package dev.fanfare.source;

import org.jspecify.annotations.NullMarked;
