/** Classes that no member may make of bytes. */
@NullMarked
package org.example.hostile;

import org.jspecify.annotations.NullMarked;
