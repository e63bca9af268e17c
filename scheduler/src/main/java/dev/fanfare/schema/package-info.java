/** JSON Schema (2020-12) of Java types, read from class files. */
@NullMarked
package dev.fanfare.schema;

import org.jspecify.annotations.NullMarked;
